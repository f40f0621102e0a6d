"""Cases: what an action would do to a matter. ``evaluate`` and ``act`` run this same code."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from avoir.clauses import Effect, Outcome
from avoir.conditions import Situation
from avoir.decisions import INVALID, Decision, deadlines, decide, impossible_facts
from avoir.errors import UsageError
from avoir.facts import Fact, Intake, read, read_json
from avoir.kinds import Fault
from avoir.lifecycles import Action, Lifecycle, State
from avoir.messages import N_, Message
from avoir.money import Money
from avoir.policies import REPORT, STANDING, Edition, Policy


def evaluate(
    edition: Edition,
    action: str | None,
    document: object,
    *,
    time_zone: str | None = None,
    stored: str | None = None,
) -> Decision:
    """What an action would come to on a facts document; nothing is changed.

    ``action`` defaults to the policy's first; ``standing`` and ``report`` are asked in the same
    way. ``stored`` is the state of the case, where there is one. Raises ``UsageError`` for an
    action that the policy does not have.
    """
    policy = edition.policy
    intake = read(document, policy.facts, time_zone or policy.time_zone)
    return _evaluated(edition, action, intake, stored)


def evaluate_json(
    edition: Edition,
    action: str | None,
    document: bytes,
    *,
    time_zone: str | None = None,
    stored: str | None = None,
) -> Decision:
    """The same on a facts document in JSON; raises ``msgspec.DecodeError`` where it is none."""
    policy = edition.policy
    intake = read_json(document, policy.facts, time_zone or policy.time_zone)
    return _evaluated(edition, action, intake, stored)


def _evaluated(
    edition: Edition, action: str | None, intake: Intake, stored: str | None
) -> Decision:
    policy = edition.policy
    name = policy.verbs.get(action or "", action) or policy.lifecycle.actions[0].name
    situation = Situation(intake.values, edition.values)
    if name == REPORT:
        return _report(policy, situation, intake)
    if name == STANDING:
        return _standing(policy, situation, intake, stored)
    chosen = policy.lifecycle.action(name)
    if chosen is None:
        raise UsageError("unknown_action", policy=policy.key, action=name[:60])
    return perform(edition, chosen, intake, situation, stored=stored)


def perform(
    edition: Edition,
    action: Action,
    intake: Intake,
    situation: Situation,
    *,
    stored: str | None,
) -> Decision:
    """What an action comes to in a situation, on a case that is in the state ``stored``."""
    policy = edition.policy
    faults = intake.faults
    if policy.stated_action is not None:
        faults = (*faults, *_another_action(policy, policy.stated_action, action, situation))
    if faults:
        return _invalid(faults, situation)
    try:
        decision = decide(action.table, situation, policy.facts, intake.time_zone).complete()
    except Exception as failure:  # whatever a plugin's own code raises
        return _failed(action, situation, failure)
    if decision.outcome in BLOCKS:
        return _with_actions(policy, decision, stored)
    if stored is not None and action.from_states is not None:
        state = state_now(policy.lifecycle, stored, situation)
        refusing = decision.outcome is Outcome.REFUSED
        here = action.from_states | (action.refuses_in if refusing else frozenset())
        if not {state, stored} & here:
            return _blocked(policy.lifecycle.state(state), action, decision)
    if action.requires:
        wanted = tuple([f.path for f in action.requires if f.value(situation) is None])
        if wanted and not {*wanted} <= {*decision.missing}:
            return _wanting(wanted, situation)
    return _with_actions(policy, decision, stored)


BLOCKS: Final = frozenset({Outcome.BLOCKED, Outcome.INVALID, Outcome.UNCHANGED})
"""Outcomes that stand whatever the state of the case is, and whatever else is wanted."""


def _with_actions(policy: Policy, decision: Decision, stored: str | None) -> Decision:
    after = decision.case_state or stored
    if after is None:
        return decision
    return decision.allowing(policy.lifecycle.allowed(after, policy.party))


def _failed(action: Action, situation: Situation, failure: Exception) -> Decision:
    """A rule that fails decides nothing: never a silent pass, a person looks at it."""
    review = action.table.review
    return Decision.plain(
        Outcome.MANUAL_REVIEW, review, situation, clauses=review.cites, failure=failure
    )


def _another_action(
    policy: Policy, fact: Fact[Any], action: Action, situation: Situation
) -> tuple[Fault, ...]:
    """The document may say which action it is for; then it must be this one."""
    stated = fact.value(situation)
    if stated is None or policy.verbs.get(stated, stated) == action.name:
        return ()
    text = N_("is another action than {action}")
    return (Fault(fact.path, Message(text, values={"action": action.name})),)


def _invalid(faults: tuple[Fault, ...], situation: Situation) -> Decision:
    return Decision.plain(Outcome.INVALID, INVALID, situation, faults=faults)


def _wanting(paths: tuple[str, ...], situation: Situation) -> Decision:
    effect = Effect(Outcome.NEEDS_INFORMATION)
    return Decision.plain(Outcome.NEEDS_INFORMATION, effect, situation, missing=paths)


NOT_IN_STATE = N_("a matter in a state that allows this")


def _blocked(state: State, action: Action, decision: Decision) -> Decision:
    effect = Effect(Outcome.BLOCKED, precondition=NOT_IN_STATE)
    return Decision.plain(
        Outcome.BLOCKED,
        effect,
        decision.situation,
        clauses=state.cites,
        preconditions=(NOT_IN_STATE,),
    )


def _standing(policy: Policy, situation: Situation, intake: Intake, stored: str | None) -> Decision:
    """Where a matter stands: its state, what is due, what may be done, which notices are due."""
    if intake.faults:
        return _invalid(intake.faults, situation)
    lifecycle = policy.lifecycle
    name = stored or lifecycle.standing.value(situation)
    if name is None:
        wants = lifecycle.standing.unknown(situation)
        return _wanting(wants, situation)
    derived = lifecycle.derive(name, situation)
    state = lifecycle.state(name if derived is None else derived.state)
    cites = state.cites if derived is None or not derived.cites else derived.cites
    pending = [d for d in lifecycle.deadlines if {name, state.name} & (d.stands_in | d.shown_in)]
    return Decision.plain(
        Outcome.STANDING,
        Effect(Outcome.STANDING, state=state.name),
        situation,
        clauses=cites,
        deadlines=deadlines(pending, situation, intake.time_zone),
        notices=() if derived is None else derived.notices,
        allowed_actions=lifecycle.allowed(state.name, policy.party),
    )


def _report(policy: Policy, situation: Situation, intake: Intake) -> Decision:
    if intake.faults:
        return _invalid(intake.faults, situation)
    asked = situation.facts.get(REPORT)
    report = next((r for r in policy.reports if asked in (None, r.name)), None)
    if report is None:
        raise UsageError("unknown_report", policy=policy.key, report=str(asked)[:60])
    faults, cited = impossible_facts(report.impossible, situation)
    if faults:
        return _invalid(faults, situation).but(clauses=cited)
    metrics = {name: _figure(term.value(situation)) for name, term in report.metrics.items()}
    effect = Effect(Outcome.STANDING)
    return Decision.plain(
        Outcome.STANDING, effect, situation, clauses=report.clauses, metrics=metrics
    )


def _figure(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.amount if isinstance(value, Money) else value


def state_now(lifecycle: Lifecycle, stored: str, situation: Situation) -> str:
    """The state of a case at a moment: the stored one, or what time has made of it."""
    derived = lifecycle.derive(stored, situation)
    return stored if derived is None else derived.state


def merged(*documents: Mapping[str, object]) -> dict[str, object]:
    """Facts documents laid over each other: later ones win, lists are replaced whole."""
    result: dict[str, object] = {}
    for document in documents:
        for key, value in document.items():
            before = result.get(key)
            # most values are laid over nothing
            if before is None:
                if value is not None or key not in result:
                    result[key] = value
            elif isinstance(value, Mapping) and isinstance(before, Mapping):
                result[key] = merged(before, value)
            elif value is not None:
                result[key] = value
    return result
