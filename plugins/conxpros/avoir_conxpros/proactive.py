"""The tables of what conXpros does unasked: deliveries, payments in, and credits of its own."""

from __future__ import annotations

from typing import Final

from avoir.clauses import (
    Clause,
    Effect,
    Outcome,
    PostingRule,
    Row,
    Table,
    When,
    impossible,
    otherwise,
    rule,
)
from avoir.conditions import ALWAYS, is_false, stated
from avoir.dates import day, days
from avoir.facts import unit_of
from avoir.messages import N_
from avoir_conxpros import catalogue as c
from avoir_conxpros.choices import Deliverer, Finding
from avoir_conxpros.effects import (
    BALANCE,
    IMPOSSIBLE_EVENT,
    IS_FINAL,
    LEAD_DELIVERY,
    NON_CONTACT_OPENS,
    NOT_USD,
    NOTHING_TO_DO,
    PROACTIVELY_CREDITED,
    WINDOW_CLOSES,
    unmoved,
)
from avoir_conxpros.facts import USD, F
from avoir_conxpros.measures import delivered_on, earlier_delivery_at, same_category
from avoir_conxpros.parameters import P
from avoir_conxpros.states import CREDITED, S

found, previous = F.event.finding, F.findings.previous_delivery

# the team has found a duplicate: only what the records know otherwise speaks against it
not_refuted = (
    ~stated(previous.by != Deliverer.CONXPROS)
    & ~stated(is_false(previous.to_same_professional))
    & (is_false(P.duplicate_same_category) | ~stated(is_false(same_category)))
)
within_look_back = delivered_on <= (day(earlier_delivery_at) + days(P.duplicate_days)).named(
    N_("last day of the look-back period")
)

ON_REQUEST_ONLY: Final = {
    Finding.WRONG_CATEGORY: c.CRED_WRONG_CATEGORY,
    Finding.WRONG_LOCATION: c.CRED_WRONG_LOCATION,
    Finding.NOT_AUTHORIZED: c.CRED_NOT_AUTHORIZED,
    Finding.ALREADY_HIRED: c.CRED_ALREADY_HIRED,
    Finding.MISLEADING_AD: c.CRED_MISLEADING_AD,
    Finding.DO_NOT_CALL: c.CRED_DNC,
    Finding.NON_CONTACT: c.CRED_NON_CONTACT,
}
"""The situations that earn credit but are not on the proactive list (A-CX-13)."""


def _on_finding(clause: Clause, finding: Finding) -> Row:
    return rule(clause, When(found == finding, PROACTIVELY_CREDITED))


VERIFICATION = Table(
    "verification",
    (
        rule(None, *unmoved(NOTHING_TO_DO.citing(c.PRO_NOTIFY), *CREDITED, S.FINAL_APPROVED)),
        rule(c.FINAL, *unmoved(IS_FINAL, S.FINAL_DENIED)),
        _on_finding(c.PRO_CONTACT_INFO, Finding.INVALID_CONTACT_INFORMATION),
        _on_finding(c.PRO_BAD_PHONE, Finding.NON_WORKING_PHONE),
        _on_finding(c.PRO_NO_REQUEST, Finding.DENIES_REQUEST),
        _on_finding(c.PRO_JOB_SEEKER, Finding.SEEKING_EMPLOYMENT),
        rule(
            c.PRO_DUPLICATE,
            When(not_refuted & within_look_back, PROACTIVELY_CREDITED),
            When(ALWAYS, NOTHING_TO_DO.citing(c.CRED_DUPLICATE)),
            only_if=found == Finding.DUPLICATE,
        ),
        _on_finding(c.PRO_TESTING, Finding.TESTING_SOLICITATION),
        *(
            rule(clause, When(found == finding, NOTHING_TO_DO))
            for finding, clause in ON_REQUEST_ONLY.items()
        ),
        otherwise(c.PRO_NOTIFY, NOTHING_TO_DO),
    ),
    moment=F.event.at,
    impossible=(
        *IMPOSSIBLE_EVENT,
        impossible(
            F.event.previous_delivered_at > F.lead.delivered_at,
            F.event.previous_delivered_at,
            N_("is after {other}"),
            c.PRO_DUPLICATE,
            other="lead.delivered_at",
        ),
    ),
    asks=(found, F.event.previous_delivered_at),
)
DELIVERY = Table(
    "delivery",
    (
        otherwise(
            None,
            Effect(Outcome.RECORDED, S.DELIVERED, amount=F.lead.cost, postings=(LEAD_DELIVERY,)),
        ),
    ),
    moment=F.lead.delivered_at,
    impossible=(NOT_USD,),
    deadlines=(WINDOW_CLOSES, NON_CONTACT_OPENS),
)
TOP_UP = Table(
    "top_up",
    (
        otherwise(
            None,
            Effect(
                Outcome.RECORDED,
                amount=F.top_up,
                postings=(PostingRule("top_up", "house:top_ups", BALANCE),),
            ),
        ),
    ),
    moment=F.as_of,
    impossible=(
        impossible(
            unit_of(F.top_up) != USD.code,
            unit_of(F.top_up),
            N_("differs from the unit of the account ({unit})"),
            unit=USD.code,
        ),
    ),
)
