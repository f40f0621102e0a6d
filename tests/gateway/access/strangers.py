"""What names something of a tenant: for every place that takes one, an id of another tenant.

A place that takes an id, or a text, must be known here: ``naming`` says what it names, or that it
names nothing, and raises ``UnknownError`` for one that nobody has thought of.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from avoir.host import Host
from avoir.lifecycles import PARTIES, Role
from avoir_gateway.schema.ids import NodeKind, named, node_id
from avoir_gateway.schema.names import prefix
from tests.gateway.access.positions import MOMENT, Position
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import Town, Tree, Who, enrol

OURS: Final = "OURS"
THEIRS: Final = "THEIRS"
NOBODYS: Final = "THEIRT"
"""In no list does anything of ours lie between the two: behind either comes the same."""
HIDDEN: Final = "acme"
"""A plugin that is installed, and enabled by the others alone."""
ABSENT: Final = "acmf"
ABROAD: Final = f"{HIDDEN}.lead_return"


class UnknownError(Exception):
    """A place takes an id and nobody has said what it names."""


class Names(StrEnum):
    """What a text names."""

    CASE = "case"
    NODE = "node"
    ACCOUNT = "account"
    ACCOUNT_NAME = "account_name"
    PARTY = "party"
    PARTY_ID = "party_id"
    PARTY_TO_BE = "party_to_be"
    """A party that somebody is made to be; nobody need have heard of it."""
    ACTOR = "actor"
    TOKEN = "token"
    TENANT = "tenant"
    POLICY = "policy"
    EDITION = "edition"
    KEY = "key"
    CURSOR = "cursor"
    FACT = "fact"
    """What a fact of a policy says; it may be the number of a lead, and often is no name at all."""
    NOTHING = "nothing"


EXISTING: Final = frozenset(
    {
        Names.CASE,
        Names.NODE,
        Names.ACCOUNT,
        Names.ACCOUNT_NAME,
        Names.PARTY,
        Names.TOKEN,
        Names.TENANT,
        Names.POLICY,
        Names.EDITION,
    }
)
"""Things of which it shows whether they exist: with one's own, the answer is another."""

IDS: Final[Mapping[str, Names]] = {
    "case": Names.CASE,
    "party": Names.PARTY,
    "tenant": Names.TENANT,
    "token": Names.TOKEN,
    "actor": Names.ACTOR,
    "Query.node(id)": Names.NODE,
    "Query.case(id)": Names.CASE,
    "Query.account(id)": Names.ACCOUNT,
    "TenantCreateInput.id": Names.TENANT,
    "ActInput.party": Names.PARTY_ID,
    "TokenIssueInput.party": Names.PARTY_TO_BE,
}
"""What an id names, by its coordinate or else by its name."""
TEXTS: Final[Mapping[str, Names]] = {
    "after": Names.CURSOR,
    "before": Names.CURSOR,
    "idempotencyKey": Names.KEY,
    "policy": Names.POLICY,
    "party": Names.PARTY,
    "actor": Names.ACTOR,
    "expectedHash": Names.EDITION,
    "Query.policy(key)": Names.POLICY,
    "Query.account(name)": Names.ACCOUNT_NAME,
    # what is installed here and what the terms call their things is the same for all tenants
    "plugin": Names.NOTHING,
    "plugins": Names.NOTHING,
    "action": Names.NOTHING,
    "state": Names.NOTHING,
    "decision": Names.NOTHING,
    "Query.report(name)": Names.NOTHING,
    # words for people
    "name": Names.NOTHING,
    "reason": Names.NOTHING,
    "language": Names.NOTHING,
    "locale": Names.NOTHING,
    "currency": Names.NOTHING,
    "timeZone": Names.NOTHING,
    # the number of a line on an account that one was shown
    "Account.statement(after)": Names.NOTHING,
}
"""What a text names, by its coordinate or else by its name."""
DATA: Final[Mapping[str, Names]] = {
    "facts": Names.FACT,
    "values": Names.NOTHING,
}
"""What plain data names: the facts of a policy, or values of its parameters."""

HOW_TO: Final = (
    "{position} takes {type}, and nobody has said what it names. In {file} say so in {table}, by "
    "its name or by its coordinate {coordinate!r}: Names.NOTHING for what is no name of anything "
    "of a tenant, else what it names; where that is something new, `Strangers.values` must give "
    "one of another tenant."
)


def naming(position: Position, core: frozenset[str]) -> Names:
    """What a place names; ``core`` has the types and root fields that every schema has.

    Raises ``UnknownError``.
    """
    tables = {"ID": ("IDS", IDS), "String": ("TEXTS", TEXTS), "JSON": ("DATA", DATA)}
    if position.type not in tables:
        return Names.NOTHING
    own = position.owner in core or position.owner.partition(".")[0] in core
    if not own and position.type == "String":
        return Names.KEY if position.name == "idempotencyKey" else Names.FACT
    title, table = tables[position.type]
    if not own and position.type == "ID" and position.name != "case":
        role = position.name.removesuffix("Id")
        if role in {party.value for party in PARTIES}:
            return Names.PARTY_ID
        table = {}
    found = table.get(position.coordinate) or table.get(position.name)
    if found is None:
        raise UnknownError(
            HOW_TO.format(
                position=position,
                type=position.type,
                file="tests/gateway/access/strangers.py",
                table=title,
                coordinate=position.coordinate,
            )
        )
    return found


# -- towns -----------------------------------------------------------------------------------


def people(mark: str) -> Sequence[Who]:
    """Somebody in every role; the same ids in every tenant, and the party of a mark."""
    found: list[Who] = [
        (role.value, role, f"{role.value}:P-{mark}" if role in PARTIES else None) for role in Role
    ]
    return [*found, ("second-reviewer", Role.REVIEWER, None)]


def facts_of(mark: str, number: int = 0) -> Mapping[str, tuple[Role, str, Tree]]:
    """How a case of each policy is opened: by whom, by which action, on which facts."""
    end = f"{mark}-{number}" if number else mark
    usd, cad = {"unit": "USD"}, {"unit": "CAD"}
    lead = {"id": f"L-{end}"}
    return {
        "xpertsource.lead_credit": (
            Role.PLATFORM,
            "purchase",
            {"lead": {**lead, "purchased_at": MOMENT, "price_paid": {"amount": "9.00", **cad}}},
        ),
        "conxpros.lead_credit": (
            Role.PLATFORM,
            "deliver",
            {"lead": {**lead, "delivered_at": MOMENT, "cost": {"amount": "9.00", **usd}}},
        ),
        "cronoshare.contact": (
            Role.PROFESSIONAL,
            "buy_contact",
            {"offer": {"id": f"O-{end}", "commission": "8"}, "event": {"confirmed_on_site": True}},
        ),
        "referral_broker.prescriber": (
            Role.TEAM,
            "attach",
            {"contact": {"person_id": f"C-{end}", "known_before": False}},
        ),
        "referral_broker.partner": (
            Role.PARTNER,
            "find_client",
            {
                "deal": {
                    "id": f"D-{end}",
                    "client_id": f"K-{end}",
                    "requested_amount": {"amount": "1000000.00", "unit": "RUB"},
                }
            },
        ),
        ABROAD: (
            Role.PLATFORM,
            "deliver",
            {"lead": {**lead, "delivered_at": MOMENT, "price": "12"}},
        ),
    }


TOP_UPS: Final[Mapping[str, object]] = {
    "xpertsource.lead_credit": {"amount": "500.00", "unit": "CAD"},
    "conxpros.lead_credit": {"amount": "500.00", "unit": "USD"},
    "cronoshare.contact": "500",
}


@dataclass(frozen=True)
class Settled:
    """A town in which something of everything is there: its cases by their policies."""

    town: Town
    mark: str
    cases: Mapping[str, str]
    waiting: str
    """A case that waits for a ruling."""
    token: str
    """The id of a token that nobody uses."""

    @property
    def id(self) -> str:
        """The id of the tenant."""
        return self.town["operator"].tenant


def settle(gateway: Gateway, mark: str, *plugins: str) -> Settled:
    """A new tenant with a matter of each of its policies, accounts, tokens, and parameters."""
    town = enrol(gateway, *plugins, people=people(mark))
    town.stand_at(MOMENT)
    party = f"P-{mark}"
    cases: dict[str, str] = {}
    for key, (role, action, facts) in facts_of(mark).items():
        if key.partition(".")[0] not in plugins:
            continue
        if key in TOP_UPS:
            topped = town["platform"].act(key, "top_up", {"top_up": TOP_UPS[key]}, party=party)
            assert topped["userErrors"] == [], topped
        named = {} if role in PARTIES else {"party": party}
        opened = town[role.value].act(key, action, facts, **named)
        assert opened["userErrors"] == [], opened
        cases[key] = opened["case"]["id"]
    waiting = wait_for_a_ruling(town, mark)
    operator = town["operator"]
    asked: Tree = {"policy": "xpertsource.lead_credit", "effectiveFrom": MOMENT[:10]}
    # no edition of theirs is one of ours
    asked |= {"values": {"min_calls": 5 + len(mark)}, "idempotencyKey": operator.key()}
    query = """mutation ($i: ParametersSetInput!) {
      parametersSet(input: $i) { userErrors { code } } }"""
    assert operator.ask(query, i=asked)["parametersSet"]["userErrors"] == []
    query = """mutation ($i: TokenIssueInput!) {
      tokenIssue(input: $i) { token { id } userErrors { code } } }"""
    spare = {"actor": mark, "name": mark, "role": "MANAGER", "idempotencyKey": operator.key()}
    token = operator.ask(query, i=spare)["tokenIssue"]["token"]["id"]
    return Settled(town, mark, cases, waiting, token)


def wait_for_a_ruling(town: Town, mark: str) -> str:
    """A matter that waits for a person: a credit asked for a fortnight after the purchase."""
    key, at = "xpertsource.lead_credit", "2025-03-24T10:00:00-04:00"
    price = {"amount": "9.00", "unit": "CAD"}
    facts: Tree = {"lead": {"id": f"W-{mark}", "purchased_at": at, "price_paid": price}}
    bought = town["platform"].act(key, "purchase", facts, party=f"P-{mark}")
    assert bought["userErrors"] == [], bought
    asked: Tree = {"request": {"channel": "portal_form", "ground": "already_under_contract"}}
    asked["evidence"] = {"other_contract_signed_on": "2025-03-01"}
    case: str = bought["case"]["id"]
    waits = town["professional"].act(key, "request_credit", asked, case=case)
    assert waits["userErrors"] == [], waits
    assert waits["case"]["state"] == "under_examination", waits
    return case


# -- ids of strangers --------------------------------------------------------------------------


@dataclass(frozen=True)
class Value:
    """An id of another tenant, and one of the same form that nobody has."""

    real: str
    nobodys: str


ACCOUNTS: Final = """{ accounts { edges { node {
  id name party statement(first: 1) { edges { node { id } } } } } } }"""
HASH: Final = '{ policy(key: "xpertsource.lead_credit") { edition { hash } } }'


class Belongings:
    """The ids of everything in a town."""

    def __init__(self, settled: Settled) -> None:
        self.settled = settled
        auditor = settled.town["auditor"]
        found = auditor.ask(ACCOUNTS)["accounts"]["edges"]
        self._accounts: list[Tree] = [edge["node"] for edge in found]
        self._edition: str = auditor.ask(HASH)["policy"]["edition"]["hash"]

    def ids(self, names: Names, policy: str | None = None) -> list[str]:
        """The ids of what a place names, of one policy where it is for one alone."""
        cases, mark = self.settled.cases, self.settled.mark
        match names:
            case Names.CASE:
                every = [self.settled.waiting, *cases.values()]
                return every if policy is None else [cases[policy]]
            case Names.NODE:
                return list(self._nodes())
            case Names.ACCOUNT:
                return [one["id"] for one in self._accounts]
            case Names.ACCOUNT_NAME:
                found = [str(one["name"]) for one in self._accounts]
                return [*found, *(name.partition("@")[0] for name in found)]
            case Names.PARTY:
                return sorted({one["party"] for one in self._accounts})
            case Names.PARTY_ID:
                return [f"P-{mark}"]
            case Names.PARTY_TO_BE:
                return [f"professional:P-{mark}"]
            case Names.ACTOR:
                return [mark]
            case Names.TOKEN:
                return [self.settled.token]
            case Names.TENANT:
                return [self.settled.id]
            case Names.POLICY:
                return [ABROAD if ABROAD in cases else next(iter(cases))]
            case Names.EDITION:
                return [self._edition]
            case Names.FACT:
                return [f"L-{mark}"]
            case Names.KEY | Names.CURSOR | Names.NOTHING:
                return []

    def _nodes(self) -> Iterator[str]:
        """A node of every kind."""
        yield from self.settled.cases.values()
        for one in self._accounts:
            yield one["id"]
            yield from (edge["node"]["id"] for edge in one["statement"]["edges"])
        yield node_id(NodeKind.POLICY, ABROAD)

    def kinds(self) -> set[NodeKind]:
        """The kinds of nodes of which there is one here."""
        return {named(id)[0] for id in self._nodes()}


class Strangers(Belongings):
    """The ids of everything in another town, each beside one of nobody."""

    def __init__(self, settled: Settled) -> None:
        super().__init__(settled)
        self._nobody = f"town-{secrets.token_hex(6)}"

    def values(self, names: Names, policy: str | None = None) -> Sequence[Value]:
        """What a place may name of theirs."""
        return [Value(one, self.nobodys(one)) for one in self.ids(names, policy)]

    def is_theirs(self, id: str) -> bool:
        """Whether an id tells that it is of this town."""
        return self._renamed(opened(id) or id) != (opened(id) or id)

    def nobodys(self, real: str) -> str:
        """An id of the same form that nobody has; of a place in a list, the next one."""
        if not self.is_theirs(real):
            raise UnknownError(f"{real!r} does not tell whose it is: no id is like it but nobody's")
        plain = opened(real)
        return self._renamed(real) if plain is None else closed(self._renamed(plain))

    def _renamed(self, real: str) -> str:
        made = real.replace(THEIRS, NOBODYS).replace(self.settled.id, self._nobody)
        made = re.sub(rf"^{HIDDEN}(?=\.)|(?<=^Policy:){HIDDEN}(?=\.)", ABSENT, made)
        # what is drawn by lot: another one, next to it in the order
        return re.sub(r"(?<![0-9a-f])[0-9a-f]{16,64}(?![0-9a-f])", _next, made)


def _next(found: re.Match[str]) -> str:
    text = found[0]
    # the ids of the store are numbered: the next one may be of somebody else
    place = 12 if len(text) == 24 else len(text) - 1
    digit = "0123456789abcdef"[(int(text[place], 16) + 1) % 16]
    return text[:place] + digit + text[place + 1 :]


def opened(opaque: str) -> str | None:
    """What an opaque id or cursor carries; None for a text that is none."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,}", opaque):
        return None
    try:
        plain = base64.urlsafe_b64decode(opaque + "=" * (-len(opaque) % 4)).decode()
    except ValueError:
        return None
    # a node is named by its kind, a place in a list by an object
    carries = re.match(r"[A-Z][A-Za-z]+:|\{", plain) is not None
    return plain if carries and closed(plain) == opaque else None


def closed(plain: str) -> str:
    """An opaque id or cursor that carries a text."""
    return base64.urlsafe_b64encode(plain.encode()).rstrip(b"=").decode()


# -- what is ours ------------------------------------------------------------------------------


def samples(ours: Settled, host: Host) -> Mapping[str, object]:
    """What places are given that must have something, by their coordinates."""
    key = "xpertsource.lead_credit"
    found: dict[str, object] = {
        "Query.policy(key)": key,
        "Query.report(name)": host.policies[key].reports[0].name,
        "Query.returns(policy)": key,
        "Query.report(policy)": key,
        "Query.parametersTrial(policy)": key,
        "Query.evaluateFacts(policy)": key,
        "Query.evaluateFacts(action)": "request_credit",
        "Query.case(id)": ours.cases[key],
        "Query.node(id)": ours.cases[key],
        "ActInput.policy": key,
        "ActInput.action": "request_credit",
        "RuleInput.case": ours.cases[key],
        "RuleInput.decision": "approve",
        "ParametersSetInput.policy": key,
        "ParametersSetInput.effectiveFrom": "2025-05-01",
        "TokenIssueInput.actor": OURS,
        "TokenIssueInput.role": Role.MANAGER.name,
        "TokenRevokeInput.token": ours.token,
        "TenantStatusInput.tenant": ours.id,
        "TenantCreateInput.language": "en_CA",
        "TenantCreateInput.currency": "CAD",
        "PluginInput.plugin": "conxpros",
    }
    return found


def policy_of(position: Position, host: Host) -> str | None:
    """The key of the policy whose field, or whose part of ``evaluate``, a place stands in."""
    names = [name.lower() for name in (position.owner, position.field, *position.route)]
    for key, policy in host.policies.items():
        beginning = prefix(policy).lower()
        if any(name.startswith(beginning) for name in names):
            return key
    return None
