"""Inputs made from policies: the one place where types are made while the program runs.

Each action of a policy gets a mutation whose input has the facts that its actors may state, and
each policy an input of ``evaluate`` that has all its facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from inspect import cleandoc
from typing import Any, Final, TypeAlias

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema_directives import OneOf
from strawberry.types.base import StrawberryList, StrawberryObjectDefinition, StrawberryOptional
from strawberry.types.enum import EnumValue, StrawberryEnumDefinition
from strawberry.types.field import StrawberryField

from avoir.descriptions import KindName, Many, kind_of
from avoir.facts import Fact
from avoir.host import Loaded
from avoir.kinds import Amount, Choice, Entry, Kind
from avoir.lifecycles import OPENING, PARTIES, ROLES, Action, Founding
from avoir.policies import STANDING, Policy
from avoir_gateway.schema import names
from avoir_gateway.schema.decisions import Decision
from avoir_gateway.schema.describing import Info, given
from avoir_gateway.schema.doors import (
    CASE,
    KEY,
    REVISION,
    ZONE,
    Contribution,
    Door,
    Given,
    Plain,
    Shape,
)
from avoir_gateway.schema.mutations import ActPayload, Mutation, perform
from avoir_gateway.schema.queries import Query, ask
from avoir_gateway.schema.scalars import TimeZone

Tree: TypeAlias = dict[str, Any]
"""Facts by the steps of their paths: a fact, or the facts of a group."""

EVALUATE: Final = "evaluate"
CORE: Final = "the gateway"


class SchemaError(Exception):
    """A plugin that has no place in a schema, and what stands against it."""


@given
class MoneyInput:
    """An amount with its unit."""

    amount: Decimal = strawberry.field(description="The amount.")
    unit: str = strawberry.field(
        description="The code of the unit: ISO 4217, or a policy's own such as CRONO."
    )


def contribution(plugin: Loaded, taken: Mapping[str, str]) -> Contribution:
    """What a plugin brings; ``taken`` says whose each name is. Raises ``SchemaError``."""
    maker = _Maker(taken)
    evaluations: list[Door] = []
    actions: list[Door] = []
    for policy in plugin.policies:
        making = _Making(maker, policy)
        evaluations += making.evaluations()
        actions += making.actions()
    return Contribution(plugin.name, tuple(evaluations), tuple(actions), frozenset(maker.claimed))


class _Maker:
    """Makes types, and lets no name be taken twice."""

    def __init__(self, taken: Mapping[str, str]) -> None:
        self._taken = taken
        self.claimed: set[str] = set()

    def claim(self, name: str, *, of: str = "") -> None:
        """Take the name of a type, or of a field of a type."""
        whole = f"{of}.{name}" if of else name
        if not names.is_name(name):
            raise SchemaError(f"{whole[:80]} is no name in GraphQL")
        if whole in self._taken:
            raise SchemaError(f"{whole} is a name of {self._taken[whole]} too")
        if whole in self.claimed:
            raise SchemaError(f"{whole} would be two things")
        self.claimed.add(whole)

    def input(self, name: str, description: str, fields: Iterable[StrawberryField]) -> type:
        """An input type whose values arrive as GraphQL read them."""
        self.claim(name)
        return _input(name, description, list(fields))

    def enum(self, name: str, policy: Policy, options: type[StrEnum]) -> StrawberryEnumDefinition:
        """An enum of the values of a choice."""
        self.claim(name)
        values = {names.constant(option.value): option for option in options}
        if len(values) != len(options) or not values:
            raise SchemaError(f"{name} needs values whose names differ")
        for value in values:
            self.claim(value, of=name)
        return StrawberryEnumDefinition(
            wrapped_cls=options,
            name=name,
            values=[
                EnumValue(value, option.value, description=policy.labels.get(option.value))
                for value, option in values.items()
            ],
            description=_told(options, "One of a closed set."),
        )


class _Making:
    """Makes the inputs of one policy."""

    def __init__(self, maker: _Maker, policy: Policy) -> None:
        self._maker = maker
        self._policy = policy
        self._prefix = names.prefix(policy)
        self._made: dict[type, tuple[object, Plain]] = {}
        roots = {path.partition(".")[0].partition("[")[0] for path in policy.facts.by_path}
        taken = {names.camel(root) for root in roots}
        self._party = _free(names.camel(policy.party.value), taken)
        self._case = _free(CASE, taken)

    def evaluations(self) -> list[Door]:
        """The actions, and the standing, as fields of the input of ``evaluate``."""
        policy = self._policy
        facts = list(policy.facts.by_path.values())
        case = _field(
            self._case,
            StrawberryOptional(strawberry.ID),
            "The case it is asked for: what its records know wins over what is stated here.",
        )
        made, shape = self._group(EVALUATE, (), _tree(facts), frozenset(), [case])
        asked = {action.name: action.label for action in policy.lifecycle.actions}
        asked[STANDING] = "where the matter stands at a moment, `asOf`"
        return [
            self._door("EvaluateInput", name, f"{policy.key}: {label}", made, shape)
            for name, label in asked.items()
        ]

    def actions(self) -> list[Door]:
        """The actions as mutations."""
        return [self._action(action) for action in self._policy.lifecycle.actions]

    def _action(self, action: Action) -> Door:
        required = frozenset(fact.path for fact in action.requires)
        made, shape = self._group(
            action.name, (), _tree(action.inputs), required, self._controls(action)
        )
        by = ", ".join(ROLES[role] for role in sorted(action.actors))
        told = f"{self._policy.key}: {action.label}. Who may: {by}."
        return self._door("Mutation", action.name, told, made, shape)

    def _door(self, of: str, action: str, told: str, made: type, shape: Shape) -> Door:
        door = Door(self._policy, action, told, made, shape, self._party, self._case)
        self._maker.claim(door.field, of=of)
        return door

    def _controls(self, action: Action) -> list[StrawberryField]:
        """What an input has beside facts: on which case, or for whom; under which key."""
        fields = [_field(KEY, str, "The same key gives the same answer and does nothing twice.")]
        if action.founding is Founding.ON_A_CASE:
            fields += [
                _field(self._case, strawberry.ID, "The case to act on."),
                _field(
                    REVISION,
                    StrawberryOptional(int),
                    "Decline where the case is not at this revision.",
                ),
            ]
        elif action.concerns is None and not action.actors <= PARTIES:
            mixed = bool(action.actors & PARTIES)
            label = ROLES[self._policy.party]
            told = f"The id of the {label}, without its role."
            if mixed:
                told += " Parties leave it out: they act for themselves."
            fields.append(
                _field(
                    self._party, StrawberryOptional(strawberry.ID) if mixed else strawberry.ID, told
                )
            )
        if action.founding in OPENING and "time_zone" in self._policy.facts.by_path:
            told = "The time zone of the matter; the tenant's by default."
            fields.append(_field(ZONE, StrawberryOptional(TimeZone), told))
        return fields

    def _group(
        self,
        verb: str,
        path: tuple[str, ...],
        tree: Tree,
        required: frozenset[str],
        controls: Iterable[StrawberryField] = (),
    ) -> tuple[type, Shape]:
        """The input of a group of facts, or of all of them where the path is empty."""
        fields = list(controls)
        facts: dict[str, tuple[str, Plain]] = {}
        for step, part in tree.items():
            name = names.camel(step)
            whole = ".".join((*path, step))
            if isinstance(part, Fact):
                kind, plain = self._fact(part.kind)
                wanted = whole in required
                label = part.label
            else:
                kind, shape = self._group(verb, (*path, step), part, required)
                plain = shape.document
                wanted = any(needed.startswith(f"{whole}.") for needed in required)
                label = f"Facts under `{whole}`."
            fields.append(_field(name, kind if wanted else StrawberryOptional(kind), label))
            facts[name] = (step, plain)
        type_name = f"{self._prefix}{names.pascal(verb, *path)}Input"
        for one in fields:
            self._maker.claim(one.python_name, of=type_name)
        told = f"Facts under `{'.'.join(path)}`." if path else f"What `{verb}` is given."
        return self._maker.input(type_name, told, fields), Shape(facts)

    def _fact(self, kind: Kind[Any]) -> tuple[Any, Plain]:
        """The type of a fact, and how a value of it is stated in a document."""
        name, many, one = kind_of(kind)
        type_, plain = self._one(name, one)
        if many is Many.ONE:
            return type_, plain
        return StrawberryList(type_), lambda values: [plain(value) for value in values]

    def _one(self, name: KindName, kind: Kind[Any]) -> tuple[Any, Plain]:
        if isinstance(kind, Choice):
            return self._once(kind.options, lambda: self._choice(kind.options))
        if isinstance(kind, Entry):
            return self._once(kind.item, lambda: self._record(kind))
        if isinstance(kind, Amount) and kind.unit is None:
            return MoneyInput, _money
        return _LEAVES[name]

    def _once(self, of: type, make: Callable[[], tuple[object, Plain]]) -> tuple[Any, Plain]:
        if of not in self._made:
            self._made[of] = make()
        return self._made[of]

    def _choice(self, options: type[StrEnum]) -> tuple[object, Plain]:
        name = f"{self._prefix}{names.pascal(options.__name__)}"
        return self._maker.enum(name, self._policy, options), lambda chosen: chosen.value

    def _record(self, entry: Entry[Any]) -> tuple[object, Plain]:
        fields: list[StrawberryField] = []
        facts: dict[str, tuple[str, Plain]] = {}
        type_name = f"{self._prefix}{names.pascal(entry.item.__name__)}Input"
        for step, kind in entry.fields.items():
            name = names.camel(step)
            self._maker.claim(name, of=type_name)
            type_, plain = self._fact(kind)
            fields.append(_field(name, StrawberryOptional(type_), entry.labels[step]))
            facts[name] = (step, plain)
        told = _told(entry.item, "An entry of a list of facts.")
        return self._maker.input(type_name, told, fields), Shape(facts).document


def _money(given: Mapping[str, Any]) -> object:
    return {"amount": _digits(given["amount"]), "unit": given["unit"]}


def _same(value: object) -> object:
    return value


def _digits(value: Decimal) -> str:
    return f"{value:f}"


def _iso(value: date) -> str:
    return value.isoformat()


_LEAVES: Final[Mapping[KindName, tuple[Any, Plain]]] = {
    KindName.TEXT: (str, _same),
    KindName.YES_OR_NO: (bool, _same),
    KindName.WHOLE_NUMBER: (int, _same),
    KindName.DECIMAL: (Decimal, _digits),
    KindName.MONEY: (Decimal, _digits),
    KindName.INSTANT: (datetime, _iso),
    KindName.DATE: (date, _iso),
    KindName.TIME_ZONE: (TimeZone, _same),
}


def _tree(facts: Iterable[Fact[Any]]) -> Tree:
    tree: Tree = {}
    for fact in facts:
        *groups, last = fact.path.split(".")
        place = tree
        for step in groups:
            place = place.setdefault(step, {})
        place[last] = fact
    return tree


def _free(name: str, taken: set[str]) -> str:
    """A name for what is no fact, where a fact may have the plain one."""
    return f"{name}Id" if name in taken else name


def _told(made: type, otherwise: str) -> str:
    return " ".join(cleandoc(made.__doc__ or otherwise).split())


def _field(name: str, type_: object, description: str) -> StrawberryField:
    return StrawberryField(
        python_name=name,
        graphql_name=name,
        type_annotation=StrawberryAnnotation(type_),
        description=description,
    )


def _as_read(_: type, value: Given, __: object) -> Given:
    return value


def _input(
    name: str, description: str, fields: list[StrawberryField], *, one_of: bool = False
) -> type:
    made = type(name, (), {})
    definition = StrawberryObjectDefinition(
        name=name,
        is_input=True,
        is_interface=False,
        origin=made,
        description=description,
        interfaces=[],
        extend=False,
        directives=(OneOf(),) if one_of else (),
        is_type_of=None,
        resolve_type=None,
        fields=fields,
        from_input=_as_read,
    )
    setattr(made, "__strawberry_definition__", definition)  # noqa: B010
    return made


def query(contributions: Iterable[Contribution]) -> type:
    """The query type: ``evaluate`` has a field for every action of the policies."""
    doors = {door.field: door for one in contributions for door in one.evaluations}
    if not doors:
        return Query
    fields = [
        _field(name, StrawberryOptional(door.input), door.description)
        for name, door in doors.items()
    ]
    wanted = "An action, or a standing, to evaluate: exactly one."

    async def evaluate(info: Info, input: Any) -> Decision:
        ((name, stated),) = input.items()
        door = doors[name]
        facts, case = door.asked(stated)
        return await ask(info, door.policy.key, door.action, facts, case)

    evaluate.__annotations__["input"] = _input("EvaluateInput", wanted, fields, one_of=True)
    told = "What an action would come to, its facts typed; nothing is changed."
    return _extended(Query, [strawberry.field(evaluate, name="evaluate", description=told)])


def mutation(contributions: Iterable[Contribution]) -> type:
    """The mutation type: a field for every action of the policies."""
    doors = [door for one in contributions for door in one.actions]
    return _extended(Mutation, [_mutation(door) for door in doors]) if doors else Mutation


def _mutation(door: Door) -> StrawberryField:
    async def act(info: Info, input: Any) -> ActPayload:
        return await perform(info, door.command(input), door.where)

    act.__annotations__["input"] = door.input
    return strawberry.field(act, name=door.field, description=door.description)


def _extended(base: type, fields: Iterable[StrawberryField]) -> type:
    """A root type with fields beside its own."""
    namespace = {f"made_{number}": made for number, made in enumerate(fields)}
    definition = getattr(base, "__strawberry_definition__")  # noqa: B009
    made = type(base.__name__, (base,), {"__annotations__": {}, **namespace})
    return strawberry.type(made, name=definition.name, description=definition.description)
