"""Every id of another tenant, in every field that takes one, is answered as an id of nothing.

The questions are made from the schema: whatever field is added is asked too. Two tenants that are
alike to the letter are asked the same in turn, one about what is another tenant's, the other about
what does not exist, and their whole answers are held beside each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any, Final

import httpx
import pytest
from graphql import GraphQLSchema, extend_schema, parse

from avoir.descriptions import KindName, kind_of
from avoir.host import Host
from avoir.lifecycles import Action, Founding, Role
from avoir_gateway.schema import build
from avoir_gateway.schema.ids import NodeKind
from avoir_gateway.schema.names import camel, door
from tests.gateway.access.administrators import administrator
from tests.gateway.access.comparing import codes, difference, whole
from tests.gateway.access.positions import Asking, Position, Values, deeper, positions
from tests.gateway.access.strangers import (
    ABROAD,
    EXISTING,
    HIDDEN,
    NOBODYS,
    OURS,
    THEIRS,
    Belongings,
    Names,
    Settled,
    Strangers,
    UnknownError,
    Value,
    facts_of,
    naming,
    policy_of,
    samples,
    settle,
)
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import ACT, Person

CORE: Final = "core"
GROUPS: Final = (CORE, "conxpros", "cronoshare", "referral_broker", "xpertsource")
"""The core, and the plugins: ``test_no_field_is_forgotten`` says where one is missing."""
EVALUATE: Final = """query ($policy: String!, $action: String!, $facts: JSON!) {
  evaluateFacts(policy: $policy, action: $action, facts: $facts) {
    outcome label state missing { path label } errors { path message } clauses { id text }
    findings { status } remedies { message } postings { source destination }
  }
}"""


@cache
def host() -> Host:
    """The host of the installed plugins."""
    return Host()


@cache
def schema_of(*plugins: str) -> GraphQLSchema:
    """The schema of plugins, of the core where there are none."""
    return build(host(), frozenset(plugins))._schema


@cache
def whole_schema() -> GraphQLSchema:
    """The schema of all that is installed."""
    return schema_of(*(plugin.name for plugin in host().plugins))


@cache
def core_names() -> frozenset[str]:
    """The types and the root fields that every schema has."""
    core = schema_of()
    roots = (core.query_type, core.mutation_type)
    fields = {f"{root.name}.{name}" for root in roots if root for name in root.fields}
    return frozenset({*core.type_map, *fields} - {root.name for root in roots if root})


@cache
def places(group: str) -> Sequence[tuple[Position, Names]]:
    """The places of a plugin's fields, or of the core's, and what each names."""
    found = []
    for position in positions(whole_schema()):
        names = naming(position, core_names())
        if names is not Names.NOTHING and group_of(position) == group:
            found.append((position, names))
    return found


def group_of(position: Position) -> str:
    """The plugin whose place it is, else the core."""
    key = policy_of(position, host())
    return CORE if key is None else host().policies[key].plugin


# -- those who ask -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Twins:
    """Two tenants that are alike, one that is a stranger to both, and an administrator."""

    ours: tuple[Settled, Settled]
    strangers: Strangers
    administrator: Person
    turns: count[int] = field(default_factory=count)

    def asking(self, ours: Settled) -> Asking:
        """Makes the questions of one of the two, or of the strangers."""
        known = dict(samples(ours, host()))
        for position in positions(whole_schema()):
            key = policy_of(position, host())
            match naming(position, core_names()):
                case Names.PARTY_ID if key is not None:
                    known[position.coordinate] = f"P-{ours.mark}"
                case Names.CASE if key is not None:
                    known[position.coordinate] = ours.cases[key]
        return Asking(whole_schema(), known)


@pytest.fixture(scope="module")
def twins(gateway: Gateway) -> Twins:
    """The towns of these tests, on a gateway that has a plugin which only the strangers enabled."""
    plugins = [plugin.name for plugin in host().plugins if plugin.policies]
    theirs = settle(gateway, THEIRS, HIDDEN, *plugins)
    ours = settle(gateway, OURS, *plugins), settle(gateway, OURS, *plugins)
    return Twins(ours, Strangers(theirs), administrator(gateway))


def given(position: Position, turn: int) -> Values:
    """Arguments with which an action that opens a case is done; others need none."""
    if position.field == "pluginDisable":
        # what is enabled stays so while these tests run
        return {"input": {"plugin": "nowhere"}}
    if position.coordinate == "TokenIssueInput.party":
        return {"input": {"role": Role.PROFESSIONAL.name}}
    for key, (_, action, facts) in facts_of(OURS, turn).items():
        if key in host().policies and position.field == door(host().policies[key], action):
            return {"input": _spelled(facts)}
    return {}


def _spelled(facts: Mapping[str, Any]) -> Values:
    return {
        camel(name): _spelled(value) if isinstance(value, Mapping) else value
        for name, value in facts.items()
    }


def put(
    ours: Settled, asking: Asking, position: Position, value: str, role: Role, turn: int
) -> httpx.Response:
    """Ask about a value in its place, under a key of this turn."""
    query, values = asking.operation(position, value, given(position, turn))
    within: Values = values.get("input") or {}
    if position.name != "idempotencyKey" and "idempotencyKey" in within:
        within["idempotencyKey"] = f"turn-{turn}"
    return ours.town[role.value].post(query, **values)


def answered(position: Position, answer: httpx.Response) -> None:
    """That a question was understood, and did not fail: else it would show nothing."""
    assert answer.status_code == 200, f"{position}: {answer.text[:1000]}"
    assert "data" in answer.json(), f"{position}: {answer.text[:1000]}"
    assert "INTERNAL" not in codes(answer), f"{position}: {answer.text[:1000]}"


def roles_for(position: Position, names: Names) -> Sequence[Role]:
    """Who asks: everybody; of an action, those who take it, and for them all its first actor
    where what is asked goes the same way whoever asks.

    The input of ``evaluate`` is one for all actions of a policy: everybody asks about the first.
    """
    for policy in host().policies.values():
        for number, action in enumerate(policy.lifecycle.actions):
            if door(policy, action.name) not in (position.field, *position.route[1:2]):
                continue
            actors = sorted(action.actors)
            if names is Names.FACT:
                return actors[:1]
            if position.root == "Query" and number == 0:
                return tuple(Role)
            return [*actors, *(role for role in Role if role not in actors)][: len(actors) + 1]
    return (Role.AUDITOR,) if names is Names.FACT else tuple(Role)


class Inquiry:
    """Asks about one place in every role, and holds the answers of the twins beside each other."""

    def __init__(self, twins: Twins) -> None:
        self._twins = twins
        self._asking = [twins.asking(ours) for ours in twins.ours]
        self._theirs = twins.asking(twins.strangers.settled)
        self._mine = [Belongings(ours) for ours in twins.ours]
        self.asked = 0

    def hold(self, position: Position, names: Names) -> None:
        """A place is asked about everything of the strangers that it may name."""
        key = policy_of(position, host())
        for role in roles_for(position, names):
            for value in self.values(position, names, role, key):
                self._hold(position, role, value)
        if names in EXISTING:
            self._tells_apart(position, names, key)

    def values(
        self, position: Position, names: Names, role: Role, key: str | None
    ) -> Sequence[Value]:
        """Ids of the strangers for a place, each with one of nobody."""
        match names:
            case Names.KEY:
                return [self._used_key(position, role)]
            case Names.CURSOR:
                return [
                    Value(one, self._twins.strangers.nobodys(one)) for one in self.cursors(position)
                ]
            case Names.FACT:
                return self._twins.strangers.values(names)[:1]
            case _:
                return self._twins.strangers.values(names, key)

    def _used_key(self, position: Position, role: Role) -> Value:
        """A key under which the namesake of the one who asks did the same, over there."""
        turn = next(self._twins.turns)
        value = Value(f"key-{THEIRS}-{turn}", f"key-{NOBODYS}-{turn}")
        answered(position, put(self.theirs, self._theirs, position, value.real, role, turn))
        return value

    @property
    def theirs(self) -> Settled:
        """The strangers."""
        return self._twins.strangers.settled

    def cursors(self, position: Position) -> Sequence[str]:
        """Cursors of a list of the strangers, as whoever of them may read it is given them."""
        asked = {"first": 20}
        query, values = self._theirs.written(position.root, position.field, asked)
        for person in (*self.theirs.town.people.values(), self._twins.administrator):
            answer = person.post(query, **values).json()
            listed = (answer.get("data") or {}).get(position.field) or {"edges": []}
            found = [
                edge["cursor"]
                for edge in listed["edges"]
                if self._twins.strangers.is_theirs(edge["cursor"])
            ]
            if found:
                return found
        raise UnknownError(
            f"{position} takes a cursor and nobody of the strangers is shown an entry of that "
            "list: let `settle` in tests/gateway/access/strangers.py make one"
        )

    def _hold(self, position: Position, role: Role, value: Value) -> None:
        turn = next(self._twins.turns)
        pairs = list(zip(self._twins.ours, self._asking, strict=True))
        if position.root == "Query":
            pairs[1] = pairs[0]  # who only reads may be asked twice
        answers = [
            put(ours, asking, position, one, role, turn)
            for (ours, asking), one in zip(pairs, (value.real, value.nobodys), strict=True)
        ]
        for answer in answers:
            answered(position, answer)
        self.asked += 1
        found, nothing = (
            whole(answer, one)
            for answer, one in zip(answers, (value.real, value.nobodys), strict=True)
        )
        about = f"{position}, asked in the role {role} about {value.real}"
        assert found == nothing, f"{about}: {difference(found[2], nothing[2])}"

    def hold_plainly(self, key: str, action: Action, path: str) -> None:
        """Plain facts that name something of the strangers, evaluated and acted on."""
        (value, *_) = self._twins.strangers.values(Names.FACT)
        turn = next(self._twins.turns)
        role = min(action.actors)
        texts = value.real, value.nobodys
        taken = path in {fact.path for fact in action.inputs}
        for query in (EVALUATE, ACT) if taken else (EVALUATE,):
            answers = []
            for ours, text in zip(self._twins.ours, texts, strict=True):
                asked: Values = {"policy": key, "action": action.name, "facts": nested(path, text)}
                if query is ACT:
                    on_a_case = action.founding is Founding.ON_A_CASE
                    asked |= {"case": ours.cases[key]} if on_a_case else {"party": f"P-{OURS}"}
                    asked = {"input": {**asked, "idempotencyKey": f"turn-{turn}"}}
                answers.append(ours.town[role.value].post(query, **asked))
            self.asked += 1
            found, nothing = (whole(a, text) for a, text in zip(answers, texts, strict=True))
            assert found == nothing, f"{key}, {action.name}: {path}"
            assert {answer.status_code for answer in answers} == {200}, answers[0].text
            assert "INTERNAL" not in codes(answers[0])

    def _tells_apart(self, position: Position, names: Names, key: str | None) -> None:
        """With an id of one's own the answer is another: the question is one that could tell.

        Not where no role of a tenant may ask at all.
        """
        twins = list(zip(self._twins.ours, self._asking, self._mine, strict=True))
        real = self._twins.strangers.ids(names, key)[0]
        said: dict[str, set[str]] = {}
        for role in Role:
            turn, own_turn = next(self._twins.turns), next(self._twins.turns)
            told = []
            for ours, asking, mine in twins:  # both live through the same, and stay alike
                own = mine.ids(names, key)[0]
                to_theirs = put(ours, asking, position, real, role, turn)
                to_own = put(ours, asking, position, own, role, own_turn)
                said[role.value] = codes(to_own)
                told.append((whole(to_theirs, real), whole(to_own, own)))
            if any(to_theirs != to_own for to_theirs, to_own in told):
                return
        assert all("FORBIDDEN" in found for found in said.values()), (
            f"{position}: whoever asks, the answer to an id of his own is that to a stranger's; "
            "give the place such `samples` in tests/gateway/access/strangers.py that it is not: "
            f"{said}"
        )


def nested(path: str, value: object) -> Values:
    """A document with one fact."""
    *groups, last = path.split(".")
    made: Values = {last: value}
    for group in reversed(groups):
        made = {group: made}
    return made


# -- the tests -----------------------------------------------------------------------------------


def test_no_field_is_forgotten() -> None:
    """Of every place that takes an id or a text it is known what it names, and every plugin and
    every kind of node is among those asked about."""
    found = list(positions(whole_schema()))
    unknown = []
    for position in (*found, *deeper(whole_schema())):
        try:
            naming(position, core_names())
        except UnknownError as error:
            unknown.append(str(error))
    assert not unknown, "\n".join(unknown)
    assert {group_of(position) for position in found} == {*GROUPS}
    below = {naming(position, core_names()) for position in deeper(whole_schema())}
    assert below == {Names.NOTHING}, "a field below the roots takes an id: it is not asked about"


def test_a_new_field_that_takes_an_id_is_missed() -> None:
    """A field that is added with an id, a text or an input that nobody has thought of is found,
    and it is said what to do."""
    added = extend_schema(
        schema_of(),
        parse(
            """
            extend type Query { lead(number: ID!, town: String): Boolean }
            extend input RuleInput { witness: [ID!] }
            input NewInput { secret: String, case: ID }
            extend type Mutation { anew(input: NewInput): Boolean }
            """
        ),
    )
    missed = {}
    for position in positions(added):
        try:
            naming(position, core_names() | {"NewInput", "Query.lead", "Mutation.anew"})
        except UnknownError as error:
            missed[position.coordinate] = str(error)
    wanted = {"Query.lead(number)", "Query.lead(town)", "RuleInput.witness", "NewInput.secret"}
    assert missed.keys() == wanted
    assert "Mutation.rule(input.witness: ID) takes ID" in missed["RuleInput.witness"]
    assert "'RuleInput.witness'" in missed["RuleInput.witness"]


def test_there_is_something_of_everything(twins: Twins) -> None:
    """The strangers have a node of every kind, and a case of every policy."""
    assert twins.strangers.kinds() == set(NodeKind)
    assert twins.strangers.settled.cases.keys() == {*host().policies, ABROAD}


@pytest.mark.parametrize("group", GROUPS)
def test_what_is_anothers_is_nothing(group: str, twins: Twins) -> None:
    """In every place, in every role, an id of another tenant is answered as one of nothing: the
    whole answers are the same, apart from the id."""
    inquiry = Inquiry(twins)
    for position, names in places(group):
        if not (position.type == "JSON" or _told_before(position, names, group)):
            inquiry.hold(position, names)
    coordinates = {position.coordinate for position, _ in places(group)}
    assert inquiry.asked >= len(coordinates)


def _told_before(position: Position, names: Names, group: str) -> bool:
    """Whether the same input was asked about in another field: what facts say goes one way."""
    if names is not Names.FACT:
        return False
    first = next(one for one, _ in places(group) if one.coordinate == position.coordinate)
    return first != position


@pytest.mark.parametrize("key", sorted(host().policies))
def test_what_plain_facts_say_is_nothing(key: str, twins: Twins) -> None:
    """Facts as plain data may name what they like: nothing of another tenant comes of it."""
    inquiry = Inquiry(twins)
    policy = host().policies[key]
    facts = policy.facts.by_path.items()
    texts = [path for path, fact in facts if kind_of(fact.kind)[0] is KindName.TEXT]
    for path in texts:
        taking = [a for a in policy.lifecycle.actions if path in {fact.path for fact in a.inputs}]
        for action in taking or policy.lifecycle.actions[:1]:
            inquiry.hold_plainly(key, action, path)
    assert inquiry.asked >= len(texts)


def test_an_administrator_sees_nothing_of_a_business(twins: Twins) -> None:
    """An administrator names every tenant; and yet whatever he does not name the tenant of is
    nothing to him."""
    asking = Asking(schema_of(), samples(twins.ours[0], host()))
    asked = 0
    for position, names in places(CORE):
        if names not in EXISTING - {Names.TENANT} or names is Names.EDITION:
            continue
        for value in twins.strangers.values(names):
            answers = []
            for one in (value.real, value.nobodys):
                query, values = asking.operation(position, one)
                if "input" in values:
                    values["input"]["idempotencyKey"] = f"turn-{next(twins.turns)}"
                answers.append(twins.administrator.post(query, **values))
            answered(position, answers[0])
            found, nothing = (
                whole(answer, one)
                for answer, one in zip(answers, (value.real, value.nobodys), strict=True)
            )
            assert found == nothing, f"{position} about {value.real}"
            asked += 1
    assert asked > 20
