"""What waits for a person, by the lifecycles of the policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from avoir.clauses import Outcome
from avoir.lifecycles import Waiting
from avoir.policies import Policy
from avoir_gateway.matters import Case
from avoir_gateway.store import Act, Wait, act

LEFT_ALONE: Final = frozenset({Outcome.BLOCKED.value, Outcome.UNCHANGED.value})
"""Outcomes of acts that leave a case as it was, and waiting if it was that."""


class PoliciesWait:
    """What the cases of these policies wait for; those of others wait for nobody."""

    def __init__(self, policies: Mapping[str, Policy]) -> None:
        self._policies = policies
        self._states = {
            key: frozenset().union(*(waiting.states for waiting in policy.lifecycle.waiting))
            for key, policy in policies.items()
        }

    def may_wait(self, policy: str, state: str) -> bool:
        """Whether a case of this policy may wait for anybody in this state."""
        return state in self._states.get(policy, ())

    def wait(self, policy: str, acts: Sequence[Act]) -> Wait | None:
        """What a case waits for after all its acts, the first one first."""
        known = self._policies.get(policy)
        return None if known is None else wait(known, acts)


def wait(policy: Policy, acts: Sequence[Act]) -> Wait | None:
    """What a case waits for after all its acts: since the first of those after which it has
    waited for that role without a break."""
    found: Wait | None = None
    for one in acts:
        if one.outcome in LEFT_ALONE:
            continue
        waiting = policy.lifecycle.waits(one.state, one.action, one.outcome)
        if waiting is None:
            found = None
        elif found is None or found.role != waiting.role:
            found = Wait(waiting.role.value, one.at)
    return found


def waits(policy: Policy, case: Case) -> tuple[Waiting, Wait] | None:
    """What a case waits for, as its policy has it and since when; None where for nobody."""
    found = wait(policy, [act(record) for record in case.records])
    if found is None:
        return None
    changing = (r for r in reversed(case.records) if r.decision.get("outcome") not in LEFT_ALONE)
    last = next(changing)
    declared = policy.lifecycle.waits(last.state, last.action, str(last.decision.get("outcome")))
    return None if declared is None else (declared, found)
