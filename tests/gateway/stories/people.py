"""Tenants and people of a running gateway, and how they speak to it: GraphQL over HTTP."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from threading import Barrier
from typing import Any, Final, TypeVar

import httpx

from avoir.lifecycles import PARTIES, Role
from avoir_gateway import store
from avoir_gateway.opening import stores_in
from tests.gateway.stories.gateways import Gateway

Tree = dict[str, Any]
T = TypeVar("T")
LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)

DECISION: Final = """
  outcome label state stateLabel mode takesEffect resubmittable earliest preconditions
  amount { amount unit } clauses { id } missing { path } errors { path } allowedActions
  postings { kind source destination reverses amount { amount unit } }
  deadlines { kind date timeZone clause }
  remedies { message clause earliest latest }
  notices { kind to message } metrics { name value } edition { hash }
"""
PAYLOAD: Final = f"""
  case {{ id revision state allowedActions deadlines {{ kind date }} }}
  decision {{ {DECISION} }}
  record {{ revision at key }}
  userErrors {{ code message path }}
  replayed
"""
ACT: Final = f"mutation ($input: ActInput!) {{ act(input: $input) {{ {PAYLOAD} }} }}"
RULE: Final = f"mutation ($input: RuleInput!) {{ rule(input: $input) {{ {PAYLOAD} }} }}"
CLOCK: Final = """
  mutation ($at: DateTime) { testClockSet(moment: $at) { tenant { now } userErrors { code } } }
"""


@dataclass(frozen=True)
class Person:
    """Somebody with a token; ``reads`` is the language he asks for where no other is named."""

    gateway: Gateway
    tenant: str
    id: str
    role: Role
    party: str | None
    token: str = field(repr=False)
    keys: count[int] = field(default_factory=count, repr=False)
    reads: str | None = None

    def post(self, query: str, language: str | None = None, **variables: Any) -> httpx.Response:
        """The answer to an operation, whatever it is."""
        headers = {"authorization": f"Bearer {self.token}"}
        wanted = language or self.reads
        if wanted is not None:
            headers["accept-language"] = wanted
        body = {"query": query, "variables": variables}
        return self.gateway.http.post("/graphql", json=body, headers=headers)

    def ask(self, query: str, language: str | None = None, **variables: Any) -> Tree:
        """The data of an operation that goes well."""
        answer = self.post(query, language, **variables).json()
        assert "errors" not in answer, answer["errors"]
        data: Tree = answer["data"]
        return data

    def code(self, query: str, **variables: Any) -> str:
        """The code of the one error of an operation."""
        (error,) = self.post(query, **variables).json()["errors"]
        return str(error["extensions"]["code"])

    def sdl(self) -> str:
        """The schema that he is shown."""
        answer = self.gateway.http.get(
            "/schema.graphql", headers={"authorization": f"Bearer {self.token}"}
        )
        assert answer.status_code == 200
        return answer.text

    def key(self) -> str:
        """An idempotency key that was not used before."""
        return f"{self.id}-{next(self.keys)}"

    def do(self, mutation: str, /, **input: Any) -> Tree:
        """The payload of an action's own mutation, under a new key unless one is given."""
        name = f"{mutation[0].upper()}{mutation[1:]}Input"
        asked = {"idempotencyKey": self.key(), **input}
        query = f"mutation ($input: {name}!) {{ {mutation}(input: $input) {{ {PAYLOAD} }} }}"
        payload: Tree = self.ask(query, input=asked)[mutation]
        return payload

    def done(self, mutation: str, /, **input: Any) -> Tree:
        """The payload of an action that was decided, a refusal included."""
        payload = self.do(mutation, **input)
        assert payload["userErrors"] == [], payload["userErrors"]
        return payload

    def act(
        self, policy: str, action: str, facts: Mapping[str, Any] | None = None, **rest: Any
    ) -> Tree:
        """The payload of an action asked for by its name, its facts as plain data."""
        asked = {"idempotencyKey": self.key(), "facts": facts or {}, **rest}
        payload: Tree = self.ask(ACT, input={"policy": policy, "action": action, **asked})["act"]
        return payload

    def rule(self, case: str, decision: str, reason: str = "The file was read.") -> Tree:
        """The payload of a ruling through the door that all policies share."""
        asked = {"case": case, "decision": decision, "reason": reason}
        payload: Tree = self.ask(RULE, input={**asked, "idempotencyKey": self.key()})["rule"]
        return payload


class Town:
    """One tenant and its people, each known by his id."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self.people = people

    def __getitem__(self, id: str) -> Person:
        return self.people[id]

    def stand_at(self, moment: str | None) -> None:
        """Set the clock of the tenant; None for the real one."""
        set_to = self["operator"].ask(CLOCK, at=moment)["testClockSet"]
        assert set_to["userErrors"] == []

    def balance(self, party: str = "professional:P-1", name: str = "balance") -> str | None:
        """Where an account stands; None where it does not exist."""
        query = "query ($name: String!) { account(name: $name) { balance { amount } } }"
        account = self["auditor"].ask(query, name=f"{party}:{name}")["account"]
        return None if account is None else str(account["balance"]["amount"])


Who = tuple[str, Role, str | None]
STAFF: Final[Sequence[Who]] = (
    ("platform", Role.PLATFORM, None),
    ("manager", Role.MANAGER, None),
    ("reviewer", Role.REVIEWER, None),
    ("second-reviewer", Role.REVIEWER, None),
    ("operator", Role.OPERATOR, None),
    ("auditor", Role.AUDITOR, None),
)
PROFESSIONALS: Final[Sequence[Who]] = (
    ("professional", Role.PROFESSIONAL, "professional:P-1"),
    ("neighbour", Role.PROFESSIONAL, "professional:P-2"),
)
EVERYBODY: Final[Sequence[Who]] = (*STAFF, *PROFESSIONALS)
BROKER: Final[Sequence[Who]] = (
    ("team", Role.TEAM, None),
    ("reviewer", Role.REVIEWER, None),
    ("operator", Role.OPERATOR, None),
    ("auditor", Role.AUDITOR, None),
    ("prescriber", Role.PRESCRIBER, "prescriber:PR-1"),
    ("partner", Role.PARTNER, "partner:PT-1"),
    ("neighbour", Role.PARTNER, "partner:PT-2"),
)
EVERY_ROLE: Final[Sequence[Who]] = tuple(
    (role.value, role, f"{role.value}:P-1" if role in PARTIES else None) for role in Role
)


def enrol(
    gateway: Gateway,
    *plugins: str,
    people: Sequence[Who] = EVERYBODY,
    zone: str = "America/Toronto",
    language: str = "en_CA",
    currency: str = "CAD",
    kind: store.TenantKind = store.TenantKind.TEST,
    reads: str | None = None,
) -> Town:
    """A new tenant of a running gateway, with these people, who all read the same language."""
    id = f"town-{secrets.token_hex(6)}"
    tenant = store.Tenant(
        id=id,
        name=id,
        language=language,
        time_zone=zone,
        currency=currency,
        plugins=plugins,
        kind=kind,
    )
    tokens = {who: f"avoir_{secrets.token_urlsafe(32)}" for who, _, _ in people}

    async def add() -> None:
        async with store.connect(gateway.store) as client:
            stores = stores_in(client[gateway.database])
            issued = (
                stores.tokens.issue(
                    id,
                    actor=who,
                    role=role.value,
                    name=who,
                    party=party,
                    at=LONG_AGO,
                    secret=tokens[who],
                )
                for who, role, party in people
            )
            await asyncio.gather(stores.tenants.add(tenant), *issued)

    apart(lambda: asyncio.run(add()))
    return Town(
        {
            who: Person(gateway, id, who, role, party, tokens[who], reads=reads)
            for who, role, party in people
        }
    )


def enable(person: Person, plugin: str, *, enabled: bool) -> None:
    """An operator enables or disables a plugin for his tenant."""
    field = "pluginEnable" if enabled else "pluginDisable"
    asked = {"idempotencyKey": person.key(), "plugin": plugin}
    payload = person.ask(
        f"mutation ($input: PluginInput!) {{ {field}(input: $input) {{ userErrors {{ code }} }} }}",
        input=asked,
    )[field]
    assert payload["userErrors"] == []


def another_token(person: Person) -> Person:
    """The same person, who comes in with another token."""
    token = f"avoir_{secrets.token_urlsafe(32)}"

    async def add() -> None:
        async with store.connect(person.gateway.store) as client:
            await stores_in(client[person.gateway.database]).tokens.issue(
                person.tenant,
                actor=person.id,
                role=person.role.value,
                name=person.id,
                party=person.party,
                at=LONG_AGO,
                secret=token,
            )

    apart(lambda: asyncio.run(add()))
    return replace(person, token=token)


def apart(call: Callable[[], T]) -> T:
    """Run something in a thread of its own, where no event loop runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(call).result()


def at_once(*calls: Callable[[], T]) -> list[T]:
    """Run calls in threads that set off together; their results in order."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        barrier.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
