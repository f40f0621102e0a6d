"""Trials as they are told: counts, shifts from one ending to another, money, and examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import strawberry

from avoir import money, policies
from avoir.clauses import OUTCOMES
from avoir_gateway.administration.retelling import Ending
from avoir_gateway.administration.trials import Moved, Otherwise, Side, Trial, side
from avoir_gateway.errors import Code, fault
from avoir_gateway.schema.cases import Case
from avoir_gateway.schema.describing import Info, resolved, shown
from avoir_gateway.schema.editions import PolicyDifferences, told_apart
from avoir_gateway.schema.enums import Outcome
from avoir_gateway.schema.types import Money, UserError


@shown
class TrialEnding:
    """How an act ended, or would end."""

    policy: strawberry.Private[policies.Policy]
    side: strawberry.Private[Side]

    @resolved
    def outcome(self) -> Outcome:
        """The outcome."""
        return Outcome(self.side.outcome)

    @resolved
    def outcome_label(self, info: Info) -> str:
        """What the outcome is called."""
        return info.context.reader(self.policy).word(OUTCOMES[Outcome(self.side.outcome)])

    @resolved
    def clause(self) -> strawberry.ID | None:
        """The clause that decided."""
        return None if self.side.clause is None else strawberry.ID(self.side.clause)

    @resolved
    def state(self) -> str | None:
        """The state to which it led."""
        return self.side.state

    @resolved
    def state_label(self, info: Info) -> str | None:
        """What the state is called."""
        named = {state.name: state.label for state in self.policy.lifecycle.states}
        label = named.get(self.side.state or "")
        return None if label is None else info.context.reader(self.policy).word(label)


@shown
class TrialMoney:
    """What goes from the house to parties, less what goes the other way, in one unit."""

    before: Money = strawberry.field(description="As it was decided.")
    after: Money = strawberry.field(description="As it would be.")
    change: Money = strawberry.field(description="How much more would go to them.")


@shown
class TrialShift:
    """Cases that would have gone another way, alike in how."""

    before: TrialEnding = strawberry.field(description="How they were decided.")
    after: TrialEnding = strawberry.field(description="How they would be.")
    count: int = strawberry.field(description="How many they are.")
    money: list[TrialMoney] = strawberry.field(description="What they move, by unit.")


@shown
class TrialCase:
    """A case that would have gone another way."""

    policy: strawberry.Private[policies.Policy]
    found: strawberry.Private[Otherwise]

    @resolved
    def case(self) -> Case:
        """The case as it stands now."""
        return Case(key=self.found.case, summary=None)

    @resolved
    def action(self) -> str:
        """The act at which it parts: the first that would have come to something else."""
        return self.found.action

    @resolved
    def action_label(self, info: Info) -> str:
        """What the act is called."""
        action = self.policy.lifecycle.action(self.found.action)
        name = self.found.action if action is None else action.label
        return info.context.reader(self.policy).word(name)

    @resolved
    def revision(self) -> int:
        """The revision to which the act brought the case."""
        return self.found.revision

    @resolved
    def at(self) -> datetime:
        """When it was decided."""
        return self.found.at

    @resolved
    def before(self) -> TrialEnding:
        """How it was decided."""
        return TrialEnding(policy=self.policy, side=side(self.found.before))

    @resolved
    def after(self) -> TrialEnding:
        """How it would be."""
        return TrialEnding(policy=self.policy, side=side(self.found.after))

    @resolved
    def moved_before(self) -> Money | None:
        """What went from the house to the party, less what went the other way."""
        return self._amount(self.found.before)

    @resolved
    def moved_after(self) -> Money | None:
        """What would have gone."""
        return self._amount(self.found.after)

    def _amount(self, ending: Ending) -> Money | None:
        moved = ending.moved
        return None if moved is None else Money(value=moved, policy=self.policy)


@shown
class ParametersTrial:
    """Which cases would have gone another way under values that are not saved."""

    trial: strawberry.Private[Trial | None]
    declined: strawberry.Private[Sequence[UserError]]
    in_force: strawberry.Private[policies.Edition | None]

    @resolved
    def differences(self, info: Info) -> PolicyDifferences | None:
        """What reads otherwise than in the edition in force."""
        if self.trial is None or self.in_force is None:
            return None
        edition = self.trial.edition
        return told_apart(self.in_force, edition, info.context.reader(edition.policy))

    @resolved
    def since(self) -> datetime | None:
        """Cases opened since then are looked at, the latest first."""
        return None if self.trial is None else self.trial.since

    @resolved
    def cases(self) -> int:
        """How many cases were opened since then."""
        return 0 if self.trial is None else self.trial.of

    @resolved
    def looked_at(self) -> int:
        """How many of them were looked at: a trial within a request stops in time."""
        return 0 if self.trial is None else self.trial.looked

    @resolved
    def complete(self) -> bool:
        """Whether all of them were looked at."""
        return self.trial is not None and self.trial.is_complete

    @resolved
    def reached(self) -> datetime | None:
        """When the last case that was looked at was opened."""
        return None if self.trial is None else self.trial.reached

    @resolved
    def otherwise(self) -> int:
        """How many would have gone another way."""
        return 0 if self.trial is None else self.trial.otherwise

    @resolved
    def unkept(self) -> int:
        """Acts that were left as they were, since they changed nothing then and what was stated in
        them is not kept."""
        return 0 if self.trial is None else self.trial.unkept

    @resolved
    def unrepeated(self) -> int:
        """Acts that were left as they were, since not even the values they were decided by come to
        the same again: the code of the policy has changed."""
        return 0 if self.trial is None else self.trial.unrepeated

    @resolved
    def money(self) -> list[TrialMoney]:
        """What the cases that would have gone another way move, by unit."""
        return [] if self.trial is None else _moved(self.trial.totals, self.trial.edition.policy)

    @resolved
    def shifts(self) -> list[TrialShift]:
        """How they would have gone, the most frequent first."""
        if self.trial is None:
            return []
        policy = self.trial.edition.policy
        return [
            TrialShift(
                before=TrialEnding(policy=policy, side=one.shift.before),
                after=TrialEnding(policy=policy, side=one.shift.after),
                count=one.count,
                money=_moved(one.moved, policy),
            )
            for one in self.trial.shifts
        ]

    @resolved
    def examples(self, first: int = 20) -> list[TrialCase]:
        """Those of them that were opened last; at most 100 are named."""
        if not 0 <= first <= 100:
            raise fault(Code.BAD_REQUEST)
        if self.trial is None:
            return []
        policy = self.trial.edition.policy
        return [TrialCase(policy=policy, found=one) for one in self.trial.cases[:first]]

    @resolved
    def user_errors(self) -> list[UserError]:
        """Why nothing was tried: values that cannot be."""
        return list(self.declined)


def _moved(moved: Iterable[Moved], policy: policies.Policy) -> list[TrialMoney]:
    def of(amount: money.Money) -> Money:
        return Money(value=amount, policy=policy)

    return [
        TrialMoney(before=of(one.before), after=of(one.after), change=of(one.change))
        for one in moved
    ]
