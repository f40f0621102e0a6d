"""The tables of steps 5 to 7: the thread, the team's analysis, the range and its agreement."""

from __future__ import annotations

from typing import Final

from avoir.clauses import (
    Effect,
    Outcome,
    Table,
    When,
    impossible_each,
    note,
    otherwise,
    require,
    rule,
)
from avoir.conditions import Condition, is_false, is_true, known, stated
from avoir.messages import N_
from avoir_referral_broker.partner import catalogue as c
from avoir_referral_broker.partner.clock import (
    acted_on,
    analysis_due,
    awaits_documents,
    times_asked,
)
from avoir_referral_broker.partner.effects import (
    AGREED,
    ANALYSED,
    ANALYSIS_DUE,
    ASK,
    BLOCK,
    DOCUMENTS_REQUESTED,
    OBJECTING,
    RANGE_GIVEN,
    RANGE_TO_AGREE,
    RANGE_WANTED,
    STILL_AWAITED,
    SUPPLIED,
    THREAD_OPEN,
    UPLOADED,
    UPLOADS_MISSING,
)
from avoir_referral_broker.partner.facts import F, Range
from avoir_referral_broker.partner.measures import range_upside_down, supplied
from avoir_referral_broker.partner.parameters import AgreeWhen, P
from avoir_referral_broker.partner.states import S
from avoir_referral_broker.partner.steps import BEFORE_OPENING, before, once, taken

deal, event = F.deal, F.event
asked_for = deal.requested_amount


def _kept_in(state: S) -> Effect:
    """What is incomplete is kept all the same, and the deal stays where it is."""
    return Effect(Outcome.NEEDS_INFORMATION, state)


# -- the thread ------------------------------------------------------------------------------

THREAD = Table(
    "thread",
    (
        once(5, c.THREAD),
        *before(5, c.THREAD),
        rule(c.UPLOAD, When(stated(event.documents_uploaded), UPLOADED)),
        otherwise(c.THREAD, THREAD_OPEN),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
    deadlines=(ANALYSIS_DUE,),
)
UPLOAD = Table(
    "upload",
    (
        once(5, c.UPLOAD),
        *before(5, c.UPLOAD),
        require(
            c.THREAD,
            stated(deal.thread.created),
            BLOCK.wanting(N_("a thread in the work group")).citing(c.UPLOAD),
        ),
        require(c.UPLOAD, is_true(event.documents_uploaded), UPLOADS_MISSING),
        otherwise(c.UPLOAD, UPLOADED),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
    deadlines=(ANALYSIS_DUE,),
    asking=_kept_in(S.THREAD_OPEN),
)

# -- the analysis ----------------------------------------------------------------------------

NOTHING_AWAITED: Final = require(
    c.EXTRA_DOCS,
    is_false(awaits_documents),
    BLOCK.wanting(N_("the further documents that were asked for")),
    only_if=times_asked >= 1,
)
STILL_ANALYSED: Final = rule(
    c.FORK, When(stated(taken(6)), BLOCK.wanting(N_("an analysis that is not over")))
)
STARTING = Table(
    "team_analysis",
    (
        once(6, c.TWO_DAYS),
        *before(6, c.TWO_DAYS),
        NOTHING_AWAITED,
        otherwise(c.TWO_DAYS, ANALYSED),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
    deadlines=(ANALYSIS_DUE,),
)
REQUESTING = Table(
    "documents_requested",
    (
        *before(6, c.EXTRA_DOCS),
        STILL_ANALYSED,
        NOTHING_AWAITED,
        otherwise(c.EXTRA_DOCS, DOCUMENTS_REQUESTED),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
    deadlines=(ANALYSIS_DUE,),
)
SUPPLYING = Table(
    "documents_supplied",
    (
        *before(6, c.EXTRA_DOCS),
        STILL_ANALYSED,
        require(
            c.EXTRA_DOCS,
            is_true(awaits_documents),
            BLOCK.wanting(N_("a request for further documents")),
        ),
        require(c.EXTRA_DOCS, is_true(supplied), STILL_AWAITED),
        otherwise(c.EXTRA_DOCS, SUPPLIED),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
    deadlines=(ANALYSIS_DUE,),
    asking=_kept_in(S.AWAITING_ADDITIONAL_DOCUMENTS),
)

# -- the range -------------------------------------------------------------------------------

offered, agreed_sum = event.range, event.agreed_sum


def must_agree(given: Range) -> Condition:
    """Whether the lower end of a range is one that the partner agrees with the client."""
    return ((P.agree_when == AgreeWhen.DIFFERS) & (given.minimum != asked_for)) | (
        (P.agree_when == AgreeWhen.BELOW) & (given.minimum < asked_for)
    )


GIVING = Table(
    "range",
    (
        once(6, c.FORK),
        *before(6, c.FORK),
        NOTHING_AWAITED,
        # what comes late is late, and holds all the same
        note(c.TWO_DAYS, acted_on > analysis_due),
        require(c.FORK, known(offered.minimum) & known(offered.maximum), RANGE_WANTED),
        rule(c.AGREE, When(must_agree(offered), RANGE_TO_AGREE)),
        otherwise(c.FORK, RANGE_GIVEN),
    ),
    moment=event.at,
    impossible=(
        BEFORE_OPENING,
        impossible_each(range_upside_down, N_("has a lower end above its upper end"), c.FORK),
    ),
)
WITHIN: Final = BLOCK.wanting(N_("a sum within the range"))
ANSWERING = Table(
    "agreement",
    (
        once(7, c.AGREEMENT),
        *before(7, c.AGREEMENT),
        note(c.AGREE, must_agree(deal.range)),
        rule(
            c.AGREEMENT,
            When(is_false(event.agreed), OBJECTING.citing(c.OBJECTIONS)),
        ),
        # a client who names no sum agrees to the range as it is
        require(c.TO, agreed_sum <= deal.range.maximum, WITHIN, only_if=known(agreed_sum)),
        require(c.FROM, agreed_sum >= deal.range.minimum, WITHIN, only_if=known(agreed_sum)),
        rule(c.AGREEMENT, When(is_true(event.agreed), AGREED)),
        otherwise(c.AGREEMENT, ASK),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
OBJECTING_TO_IT = Table(
    "objections",
    (
        *before(7, c.OBJECTIONS),
        rule(c.AGREEMENT, When(stated(taken(7)), BLOCK.wanting(N_("a range not agreed yet")))),
        otherwise(c.OBJECTIONS, OBJECTING.citing(c.AGREEMENT)),
    ),
    moment=event.at,
    impossible=(BEFORE_OPENING,),
)
