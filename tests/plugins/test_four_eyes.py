"""Four eyes, alike in all five policies: which rulings settle a matter, and which wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest

from avoir.cases import evaluate
from avoir.clauses import Effective
from avoir.decisions import Decision
from avoir.policies import Policy
from avoir.rulings import A_SECOND, FourEyes
from avoir_conxpros.policy import POLICY as CONXPROS
from avoir_cronoshare.policy import POLICY as CRONOSHARE
from avoir_referral_broker.partner.policy import POLICY as PARTNER
from avoir_referral_broker.prescriber.policy import POLICY as PRESCRIBER
from avoir_xpertsource.policy import POLICY as XPERTSOURCE
from tests.plugins.conxpros import reviews_recorded as conxpros
from tests.plugins.cronoshare.recorded import rulings as cronoshare
from tests.plugins.referral_broker.partner import examples as partner
from tests.plugins.referral_broker.prescriber.recorded import doubts as prescriber
from tests.plugins.xpertsource import examples as xpertsource
from tests.plugins.xpertsource.recorded.words import CONFIRMED

Document = Mapping[str, Any]
APPROVE, REFUSE = "approve", "refuse"
A, B, C = "R-1", "R-2", "R-3"


@dataclass(frozen=True)
class Waiting:
    """A matter of a policy that waits for a ruling, and the state in which it does."""

    policy: Policy
    state: str
    ruled: Callable[[str], Document]

    def decided(
        self, demanded: FourEyes, by: str, decision: str, before: Sequence[tuple[str, str]]
    ) -> Decision:
        """What a ruling comes to after those before it."""
        facts = self.ruled(decision)
        document = {
            **facts,
            "ruling": {**facts["ruling"], "by": by},
            "previous_rulings": [{"by": who, "decision": how} for who, how in before],
        }
        edition = self.policy.edition({"four_eyes": demanded.value})
        return evaluate(edition, "rule", document, stored=self.state)


MATTERS: Final = (
    Waiting(
        XPERTSOURCE,
        "under_examination",
        lambda how: xpertsource.ruled(xpertsource.unreachable(CONFIRMED), how),
    ),
    Waiting(CONXPROS, "submitted", lambda how: conxpros.ruled(conxpros.OPEN, how)),
    Waiting(CRONOSHARE, "manage", cronoshare.ruling),
    Waiting(PRESCRIBER, "under_review", lambda how: prescriber.ruling(prescriber.HOUSEHOLD, how)),
    Waiting(PARTNER, "under_review", partner.ruling),
)

NEVER, APPROVALS, REFUSALS, ALWAYS = FourEyes
SETTLED, WAITS = True, False

RULINGS: Final = (
    ("off: one is enough", NEVER, A, APPROVE, (), SETTLED),
    ("off: one is enough to refuse", NEVER, A, REFUSE, (), SETTLED),
    ("off: whatever another said", NEVER, B, APPROVE, [(A, REFUSE)], SETTLED),
    ("the first waits", ALWAYS, A, APPROVE, (), WAITS),
    ("the first refusal waits", ALWAYS, A, REFUSE, (), WAITS),
    ("nobody is his own second", ALWAYS, A, APPROVE, [(A, APPROVE)], WAITS),
    ("another agrees", ALWAYS, B, APPROVE, [(A, APPROVE)], SETTLED),
    ("another agrees to refuse", ALWAYS, B, REFUSE, [(A, REFUSE)], SETTLED),
    ("another differs", ALWAYS, B, REFUSE, [(A, APPROVE)], WAITS),
    ("a third sides with the first", ALWAYS, C, APPROVE, [(A, APPROVE), (B, REFUSE)], SETTLED),
    ("a third sides with the second", ALWAYS, C, REFUSE, [(A, APPROVE), (B, REFUSE)], SETTLED),
    ("the first comes round", ALWAYS, A, REFUSE, [(A, APPROVE), (B, REFUSE)], SETTLED),
    ("a word taken back counts no more", ALWAYS, B, APPROVE, [(A, APPROVE), (A, REFUSE)], WAITS),
    ("a ruling by nobody is no voice", ALWAYS, B, APPROVE, [(None, APPROVE)], WAITS),
    ("only approvals: one may refuse", APPROVALS, A, REFUSE, (), SETTLED),
    ("only approvals: the first waits", APPROVALS, A, APPROVE, (), WAITS),
    ("only approvals: another agrees", APPROVALS, B, APPROVE, [(A, APPROVE)], SETTLED),
    ("only approvals: another refuses", APPROVALS, B, REFUSE, [(A, APPROVE)], WAITS),
    ("only approvals: he takes it back", APPROVALS, A, REFUSE, [(A, APPROVE)], SETTLED),
    ("only refusals: one may approve", REFUSALS, A, APPROVE, (), SETTLED),
    ("only refusals: the first waits", REFUSALS, A, REFUSE, (), WAITS),
    ("only refusals: another agrees", REFUSALS, B, REFUSE, [(A, REFUSE)], SETTLED),
    ("only refusals: another approves", REFUSALS, B, APPROVE, [(A, REFUSE)], WAITS),
    ("only refusals: a third settles it", REFUSALS, C, APPROVE, [(A, REFUSE), (B, APPROVE)],
     SETTLED),
)  # fmt: skip


@pytest.mark.parametrize("matter", MATTERS, ids=lambda one: one.policy.key)
@pytest.mark.parametrize(
    ("demanded", "by", "decision", "before", "settles"),
    [pytest.param(*case, id=title) for title, *case in RULINGS],
)
def test_two_agree_or_it_waits(
    matter: Waiting,
    demanded: FourEyes,
    by: str,
    decision: str,
    before: Sequence[tuple[str, str]],
    settles: bool,
) -> None:
    """What needs a second ruling books nothing and waits on until two people rule the same."""
    came = matter.decided(demanded, by, decision, before)
    if settles:
        favoured = {"approved", "partly_approved"} if decision == APPROVE else {"refused"}
        assert came.outcome in favoured
        return
    assert (came.outcome, came.case_state) == ("manual_review", matter.state)
    assert came.takes_effect is Effective.AT_ONCE
    assert (came.postings, came.notices, came.amount) == ((), (), None)
    assert came.preconditions == (A_SECOND,)
    assert came.clauses


@pytest.mark.parametrize("matter", MATTERS, ids=lambda one: one.policy.key)
def test_a_commitment_still_needs_two_to_refuse_it(matter: Waiting) -> None:
    """Off by default: a single ruling settles every matter, but a refusal against a commitment."""
    for decision in (APPROVE, REFUSE):
        assert matter.decided(FourEyes.NEVER, A, decision, ()).outcome != "manual_review"
    if matter.policy is XPERTSOURCE:
        owed = Waiting(
            XPERTSOURCE,
            matter.state,
            lambda how: xpertsource.ruled(xpertsource.under_contract("2025-02-20"), how),
        )
        for demanded in FourEyes:
            assert owed.decided(demanded, A, REFUSE, ()).outcome == "manual_review"
            assert owed.decided(demanded, B, REFUSE, [(A, REFUSE)]).outcome == "refused"


@pytest.mark.parametrize("matter", MATTERS, ids=lambda one: one.policy.key)
def test_how_is_still_asked(matter: Waiting) -> None:
    """Under four eyes too a ruling that does not say how is asked how, and is nobody's voice."""
    for demanded in FourEyes:
        came = matter.decided(demanded, A, None, ())  # type: ignore[arg-type]
        assert came.outcome == "needs_information"
        assert "ruling.decision" in came.missing
