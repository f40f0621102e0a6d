"""The decision table of a credit request, in order of precedence."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from avoir.clauses import (
    Impossible,
    Row,
    Table,
    When,
    impossible,
    impossible_each,
    note,
    otherwise,
    require,
    rule,
)
from avoir.conditions import Constant, is_false, is_true, known, stated
from avoir.facts import unit_of
from avoir.messages import N_
from avoir_conxpros import catalogue as c
from avoir_conxpros.asked import (
    FIRST,
    FURTHER,
    Asked,
    calls_before_delivery,
    messages_before_delivery,
)
from avoir_conxpros.choices import Channel, Reason
from avoir_conxpros.effects import (
    ASK,
    CLOSED,
    DECISION_EARLY,
    DECISION_TARGET,
    DENY,
    EARLY,
    IMPOSSIBLE_MATTER,
    LATE,
    NO_CHANNEL,
    NO_SECOND_CREDIT,
    NON_CONTACT_OPENS,
    NOT_FINAL,
    RECEIVED,
    REVIEW,
    WINDOW_CLOSES,
    unmoved,
)
from avoir_conxpros.facts import F
from avoir_conxpros.grounds import (
    GROUNDS,
    NOT_ELIGIBLE,
    PARTLY_EARNED,
    non_contact,
    other_ground,
    reached_on_phone,
    verified,
)
from avoir_conxpros.measures import (
    asked_before,
    channel,
    claim,
    day_three,
    filled,
    last_clause,
    last_day,
    last_moment,
    notes,
    recorded,
)
from avoir_conxpros.parameters import P, WindowCount
from avoir_conxpros.states import S

findings = F.findings

THE_REASON: Final = Constant[tuple[str, ...]]((F.request.reason.path,))
THE_REVIEW: Final = N_("the decision of the review")
A_REVIEW: Final = N_("a review through the account manager")

NO_REASON: Final = ASK.asking(THE_REASON).citing(c.DEN_REASON_MISMATCH, c.DEN_NO_NOTES)

no_contact_made = claim == Reason.NON_CONTACT
uninformative = is_false(filled(notes)) | stated(findings.notes_uninformative)
contradicted = stated(findings.contradicted_reason) | (
    (claim == Reason.NON_WORKING_PHONE) & reached_on_phone
)
only_the_address = (claim == Reason.ADDRESS_INVALID) | (
    claim.one_of(Reason.WRONG_LOCATION, Reason.INCORRECT_CONTACT)
    & stated(is_false(findings.address_valid))
)

ALREADY_DECIDED: Final = (
    rule(c.PRO_NOTIFY, *unmoved(NO_SECOND_CREDIT, S.CREDITED_PROACTIVELY)),
    rule(None, *unmoved(NO_SECOND_CREDIT, S.CREDITED, S.PARTIALLY_CREDITED)),
    rule(
        c.FINAL,
        *unmoved(NO_SECOND_CREDIT, S.FINAL_APPROVED),
        *unmoved(CLOSED.wanting(NOT_FINAL), S.FINAL_DENIED, when=is_true(asked_before)),
        When((recorded == S.FINAL_DENIED) & is_false(asked_before), REVIEW),
    ),
    rule(
        c.REVIEW,
        *unmoved(CLOSED.wanting(THE_REVIEW), S.UNDER_REVIEW),
        *unmoved(CLOSED.wanting(A_REVIEW), S.REVERSED),
        *unmoved(CLOSED.wanting(A_REVIEW), S.DENIED, when=known(last_clause)),
    ),
)


def _rows(asked: Asked) -> tuple[Row, ...]:
    in_time = ((P.window_count == WindowCount.DATES) & (asked.on <= last_day)) | (
        (P.window_count == WindowCount.HOURS) & (asked.at <= last_moment)
    )
    earning = (*GROUNDS, non_contact(asked))
    return (
        require(c.CHANNELS, channel.one_of(Channel.DASHBOARD, Channel.ACCOUNT_MANAGER), NO_CHANNEL),
        note(c.ACK_EMAIL),
        note(c.DECISION_3BD),
        *ALREADY_DECIDED,
        require(c.WINDOW_5D, in_time, LATE),
        rule(c.DEN_NO_NOTES, When(uninformative, DENY)),
        rule(None, When(~known(claim), NO_REASON)),
        require(c.DEN_EARLY_NONCONTACT, asked.on >= day_three, EARLY, only_if=no_contact_made),
        rule(c.NONCONTACT_VERIFIED, When(verified & ~other_ground, DENY), only_if=no_contact_made),
        rule(c.DEN_CONTRADICTED, When(contradicted, DENY)),
        rule(
            c.DEN_TASK_APPROPRIATE,
            When(is_true(findings.task_appropriate_for_category), DENY),
            only_if=claim == Reason.WRONG_CATEGORY,
        ),
        *(earns.row_if_claimed() for earns in earning),
        *(earns.row_on_record() for earns in earning),
        PARTLY_EARNED,
        # below the grounds: where one of them holds, the address is not the only reason
        rule(c.DEN_ADDRESS_ONLY, When(only_the_address, DENY)),
        *NOT_ELIGIBLE,
        otherwise(c.DEN_REASON_MISMATCH, DENY.citing(c.GENUINE)),
    )


def _impossible(asked: Asked) -> tuple[Impossible, ...]:
    earlier = findings.previous_delivery.delivered_at
    return (
        *IMPOSSIBLE_MATTER,
        impossible(
            asked.at < F.lead.delivered_at,
            asked.at,
            N_("is before {other}"),
            c.WINDOW_5D,
            other="lead.delivered_at",
        ),
        impossible_each(
            calls_before_delivery, N_("is before the delivery of the lead"), c.CRED_NON_CONTACT
        ),
        impossible_each(
            messages_before_delivery, N_("is before the delivery of the lead"), c.CRED_NON_CONTACT
        ),
        impossible(
            earlier > F.lead.delivered_at,
            earlier,
            N_("is after {other}"),
            c.CRED_DUPLICATE,
            other="lead.delivered_at",
        ),
        impossible(
            unit_of(findings.actual_category_cost) != unit_of(F.lead.cost),
            unit_of(findings.actual_category_cost),
            N_("differs from {other}"),
            c.PARTIAL_DIFF,
            other="lead.cost.unit",
        ),
    )


DECIDED: Final = frozenset(S) - {S.SUBMITTED}


def _table(name: str, asked: Asked) -> Table:
    return Table(
        name,
        _rows(asked),
        moment=asked.at,
        impossible=_impossible(asked),
        deadlines=(
            replace(DECISION_TARGET, on=asked.target, shown_in=DECIDED),
            replace(DECISION_EARLY, on=asked.early_target, shown_in=DECIDED),
            WINDOW_CLOSES,
            NON_CONTACT_OPENS,
        ),
        notices=(RECEIVED,),
        asks=(findings.actual_category_cost,),
        asking=ASK,
        review=REVIEW,
    )


REQUEST: Final = _table("request", FIRST)
FURTHER_REQUEST: Final = _table("further_request", FURTHER)
