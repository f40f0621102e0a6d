"""Policies as data for those who draw forms and explanations: made from the policy alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec
import strawberry

from avoir import clauses, descriptions, lifecycles, policies
from avoir.readers import Reader
from avoir_gateway.administration import parameters as setting
from avoir_gateway.schema import names
from avoir_gateway.schema.describing import Info, resolved, shown
from avoir_gateway.schema.editions import DatedEdition, PolicyDifferences, told_apart
from avoir_gateway.schema.enums import Founding, KindName, Many, Role, RowKind, Source
from avoir_gateway.schema.ids import NodeKind, node_id
from avoir_gateway.schema.scalars import JSON, TimeZone
from avoir_gateway.schema.types import Clause, Edition, Node


@shown
class Option:
    """One of the values that may be chosen."""

    value: str = strawberry.field(description="The value as it is written in facts.")
    label: str = strawberry.field(description="What it is called.")


@shown
class RecordField:
    """A field of each entry of a list of records."""

    path: str = strawberry.field(description="The name of the field within an entry.")
    label: str = strawberry.field(description="What it is called.")
    kind: KindName = strawberry.field(description="What a form must ask for.")
    many: Many = strawberry.field(description="How many values it has.")
    options: list[Option] = strawberry.field(description="The values, where it is a choice.")
    low: str | None = strawberry.field(description="The lowest number, if there is one.")
    high: str | None = strawberry.field(description="The highest number, if there is one.")


@shown
class Fact:
    """A fact that a facts document may carry."""

    path: str = strawberry.field(description="Its path in the facts document.")
    label: str = strawberry.field(description="What it is called.")
    source: Source = strawberry.field(description="Who may state it.")
    source_label: str = strawberry.field(description="Who may state it, in the reader's words.")
    kind: KindName = strawberry.field(description="What a form must ask for.")
    many: Many = strawberry.field(description="How many values it has.")
    options: list[Option] = strawberry.field(description="The values, where it is a choice.")
    fields: list[RecordField] = strawberry.field(
        description="The fields of an entry, where it is a list of records."
    )
    low: str | None = strawberry.field(description="The lowest number, if there is one.")
    high: str | None = strawberry.field(description="The highest number, if there is one.")


@shown
class Parameter:
    """A number, period, choice or amount of the terms that an operator may tune."""

    name: str = strawberry.field(description="Its name.")
    label: str = strawberry.field(description="What it is called.")
    value: JSON = strawberry.field(description="The value in force.")
    default: JSON = strawberry.field(description="The value that the terms give it.")
    shown: str = strawberry.field(description="The value in force as the reader reads it.")
    kind: KindName = strawberry.field(description="What a form must ask for.")
    many: Many = strawberry.field(description="How many values it has.")
    options: list[Option] = strawberry.field(description="The values, where it is a choice.")
    low: str | None = strawberry.field(description="The lowest number, if there is one.")
    high: str | None = strawberry.field(description="The highest number, if there is one.")


@shown
class ActorRole:
    """A role in which an action may be taken."""

    role: Role = strawberry.field(description="The role.")
    label: str = strawberry.field(description="What it is called.")


@shown
class Action:
    """What an actor does to a case or to an account."""

    name: str = strawberry.field(description="Its name.")
    label: str = strawberry.field(description="What it is called.")
    mutation: str = strawberry.field(description="The mutation that takes it.")
    actors: list[ActorRole] = strawberry.field(description="Who may take it.")
    founding: Founding = strawberry.field(
        description="Whether it opens a case, acts on one, or only on an account."
    )
    from_states: list[str] = strawberry.field(
        description="The states in which it may be taken; none of them means any."
    )
    facts: list[Fact] = strawberry.field(description="The facts that its actors may state.")
    required: list[str] = strawberry.field(
        description="The paths of the facts without which there is nothing to decide."
    )


@shown
class CaseState:
    """A state that a case may be in."""

    name: str = strawberry.field(description="Its name.")
    label: str = strawberry.field(description="What it is called.")
    clauses: list[strawberry.ID] = strawberry.field(description="The clauses that explain it.")
    step: int | None = strawberry.field(
        description="The number of its step, where the policy is a process of numbered steps."
    )


@shown
class Row:
    """One line of a table: under which condition a clause has which effect."""

    clause: strawberry.ID | None = strawberry.field(description="The clause, if it has one.")
    kind: RowKind = strawberry.field(description="How the row takes part.")
    only_if: str | None = strawberry.field(description="When the row is looked at at all.")
    condition: str | None = strawberry.field(description="What it requires or decides upon.")
    outcome: str | None = strawberry.field(description="What it leads to.")


@shown
class Table:
    """The rows of one or more actions in order of precedence."""

    name: str = strawberry.field(description="Its name.")
    rows: list[Row] = strawberry.field(description="The rows; the last one is the default.")


@shown
class PolicyAccount:
    """An account that the policy books on."""

    name: str = strawberry.field(description="Its name: a role, or the house, and a short name.")
    label: str = strawberry.field(description="What it is called.")
    unit: str = strawberry.field(description="The code of its unit.")


@shown
class Report:
    """A figure over records that may be asked for."""

    name: str = strawberry.field(description="Its name.")
    label: str = strawberry.field(description="What it is called.")
    clauses: list[strawberry.ID] = strawberry.field(description="The clauses it rests on.")


@shown
class Policy(Node):
    """One business's terms, in the edition that is in force on a day."""

    in_force: strawberry.Private[policies.Edition]

    @property
    def policy(self) -> policies.Policy:
        """The policy of the edition."""
        return self.in_force.policy

    def _reader(self, info: Info) -> Reader:
        return info.context.reader(self.policy)

    @resolved
    def id(self) -> strawberry.ID:
        """The id, opaque."""
        return node_id(NodeKind.POLICY, self.policy.key)

    @resolved
    def key(self) -> str:
        """The key, PLUGIN.POLICY."""
        return self.policy.key

    @resolved
    def plugin(self) -> str:
        """The name of the plugin that brings it."""
        return self.policy.plugin

    @resolved
    def title(self, info: Info) -> str:
        """What the policy is called."""
        return self._reader(info).word(self.policy.title)

    @resolved
    def summary(self, info: Info) -> str:
        """What the policy is about, in a sentence."""
        return self._reader(info).word(self.policy.summary)

    @resolved
    def version(self) -> str:
        """The version of its code."""
        return self.policy.version

    @resolved
    def edition(self) -> Edition:
        """The edition in force."""
        return Edition(
            hash=self.in_force.hash,
            policy=self.policy.key,
            version=self.policy.version,
            effective_from=self.in_force.effective_from,
        )

    @resolved
    def party(self) -> Role:
        """The role of those whose matters these are."""
        return self.policy.party

    @resolved
    def time_zone(self) -> TimeZone:
        """The time zone that holds where neither the party nor the tenant has one."""
        return TimeZone(self.policy.time_zone)

    @resolved
    def clauses(self, info: Info) -> list[Clause]:
        """Every clause of the terms, those that only inform too."""
        reader = self._reader(info)
        found = [descriptions.clause(clause, reader) for clause in self.policy.catalogue]
        return msgspec.convert(found, list[Clause])

    @resolved
    def tables(self, info: Info) -> list[Table]:
        """Which clause, under which condition, has which effect."""
        reader = self._reader(info)
        return [
            Table(
                name=table.name,
                rows=msgspec.convert(
                    list(descriptions.rows(table, self.in_force, reader)), list[Row]
                ),
            )
            for table in self.policy.tables
        ]

    @resolved
    def parameters(self, info: Info) -> list[Parameter]:
        """What an operator may tune, with the values in force."""
        reader = self._reader(info)
        declared = self.policy.parameters.by_name.values()
        found = [descriptions.parameter(one, self.in_force, reader) for one in declared]
        return msgspec.convert(found, list[Parameter])

    @resolved
    async def differences(self, info: Info, to: date) -> PolicyDifferences:
        """What reads otherwise in the edition in force on another day."""
        context = info.context
        other = await context.service.edition(context.tenant, self.policy, to)
        return told_apart(self.in_force, other, self._reader(info))

    @resolved
    async def editions(self, info: Info) -> list[DatedEdition] | None:
        """Every edition that was ever set, the latest in force first, and the default behind
        them; for those who may read parameters."""
        context = info.context
        found = await setting.editions(
            context.service, context.principal, context.tenant, self.policy
        )
        return [
            DatedEdition(
                hash=one.edition.hash,
                effective_from=one.edition.effective_from,
                set_by=one.set_by,
                set_at=one.set_at,
                superseded=one.superseded,
            )
            for one in found
        ]

    @resolved
    def facts(self, info: Info) -> list[Fact]:
        """Every fact that a facts document of this policy may carry."""
        reader = self._reader(info)
        found = [descriptions.fact(fact, reader) for fact in self.policy.facts.by_path.values()]
        return msgspec.convert(found, list[Fact])

    @resolved
    def actions(self, info: Info) -> list[Action]:
        """What may be done, by whom, and which facts it takes."""
        reader = self._reader(info)
        return [self._action(action, reader) for action in self.policy.lifecycle.actions]

    def _action(self, action: lifecycles.Action, reader: Reader) -> Action:
        told = {
            **descriptions.action(action, reader),
            "mutation": names.door(self.policy, action.name),
            "founding": action.founding.value,
            "required": [fact.path for fact in action.requires],
        }
        return msgspec.convert(told, Action)

    @resolved
    def states(self, info: Info) -> list[CaseState]:
        """The states that a case may be in."""
        reader = self._reader(info)
        return [
            CaseState(
                name=state.name,
                label=reader.word(state.label),
                clauses=_ids(state.cites),
                step=state.step,
            )
            for state in self.policy.lifecycle.states
        ]

    @resolved
    def accounts(self, info: Info) -> list[PolicyAccount]:
        """The accounts that it books on."""
        reader = self._reader(info)
        return [
            PolicyAccount(
                name=account.name, label=reader.word(account.label), unit=account.unit.code
            )
            for account in self.policy.accounts
        ]

    @resolved
    def reports(self, info: Info) -> list[Report]:
        """The figures over records that may be asked for."""
        reader = self._reader(info)
        return [
            Report(name=report.name, label=reader.word(report.label), clauses=_ids(report.clauses))
            for report in self.policy.reports
        ]


def _ids(cited: Iterable[clauses.Clause]) -> list[strawberry.ID]:
    return [strawberry.ID(clause.id) for clause in cited]
