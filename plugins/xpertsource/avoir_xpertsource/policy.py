"""The policy ``xpertsource.lead_credit``: lifecycle, accounts, and all that is in the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from avoir.clauses import NoticeRule, Outcome, impossible
from avoir.ledger import Account
from avoir.lifecycles import (
    Action,
    Derived,
    Event,
    Founding,
    Keyed,
    Lifecycle,
    Role,
    State,
    Statement,
    Waiting,
)
from avoir.measures import tolerant_measure
from avoir.messages import N_
from avoir.policies import Policy, Report, Window
from avoir.rulings import earlier_rulings
from avoir_xpertsource import catalogue as c
from avoir_xpertsource import facts, measures, parameters
from avoir_xpertsource.acts import (
    CONVERSION,
    ESCALATION,
    PURCHASE,
    TOP_UP,
    answered,
    as_of_day,
)
from avoir_xpertsource.effects import ANSWER_DUE, CAD, WINDOW_CLOSES, WINDOW_OPENS
from avoir_xpertsource.facts import Channel, F
from avoir_xpertsource.parameters import P, WaitCount
from avoir_xpertsource.returns import RETURNS
from avoir_xpertsource.ruling import RULING
from avoir_xpertsource.states import S
from avoir_xpertsource.table import MORE_CONVERTED, REQUEST

CONTACT_MANAGER = NoticeRule(
    "contact_account_manager",
    "professional",
    N_("No answer came in time: you may contact your account manager."),
)


@tolerant_measure(F.request.submitted_at, F.request.channel, label=N_("state of the request"))
def standing_of_request(submitted: datetime | None, channel: Channel | None) -> str | None:
    """The state that a request shows by itself: only the form opens one."""
    if channel not in (None, Channel.PORTAL_FORM):
        return S.FORM_REQUIRED
    return None if submitted is None and channel is None else S.UNDER_EXAMINATION


@tolerant_measure(
    standing_of_request, F.lead.purchased_at, measures.credits_granted, label=N_("state")
)
def standing(request: str | None, purchased: datetime | None, credits: int | None) -> str:
    """The state that a facts document shows by itself."""
    if credits:
        return S.APPROVED
    if request is not None:
        return request
    return S.FORM_REQUIRED if purchased is None else S.WAITING_PERIOD


DECIDING = ("request_credit", "give_information", "confirm_contact")
"""The acts that decide a request, again each time."""


def history(events: Sequence[Event]) -> Mapping[str, object]:
    """Earlier requests, rulings and the answer, as the records of the case show them."""
    requests: list[Mapping[str, object]] = []
    answered: str | None = None
    for event in events:
        ended = event.outcome in (Outcome.APPROVED, Outcome.REFUSED)
        if ended and event.effective == "at_once":
            answered = event.at.isoformat()
            requests.append(
                {
                    "submitted_at": _submitted(event),
                    "outcome": event.outcome,
                    "credited": event.amount,
                }
            )
        if event.action == "request_credit" and not (ended and event.effective == "at_once"):
            answered = None
    return {
        "previous_requests": requests,
        "previous_rulings": earlier_rulings(events, DECIDING),
        "answer_received_at": answered,
    }


def _submitted(event: Event) -> object:
    request = event.facts.get("request")
    return request.get("submitted_at") if isinstance(request, Mapping) else None


REQUEST_INPUTS = (
    F.request.channel,
    F.request.ground,
    F.request.contact_attempts,
    F.requested_credit,
    F.requested_remedy,
    F.evidence.client_met,
    F.evidence.client_openly_attested_intent,
    F.evidence.client_preferred_hours,
    F.evidence.client_reached,
    F.evidence.email_valid,
    F.evidence.phone_valid,
    F.evidence.evidence_attached,
    F.evidence.openly_not_transparent,
    F.evidence.other_contract_signed_on,
    F.evidence.other_professionals_contacted,
    F.evidence.postponed_months,
    F.evidence.project_impossible,
    F.evidence.project_status,
    F.evidence.property_value,
    F.evidence.undisclosed,
)

LIFECYCLE = Lifecycle(
    states=(
        State(S.WAITING_PERIOD, N_("waiting period"), (c.DELAY_MIN, c.FORM)),
        State(S.CLAIMABLE, N_("a credit may be requested"), (c.WINDOW_MONTH, c.FORM)),
        State(S.WINDOW_CLOSED, N_("request period closed"), (c.WINDOW_MONTH,)),
        State(S.UNDER_EXAMINATION, N_("under examination"), (c.RESPONSE_5BD,)),
        State(S.OVERDUE, N_("answer overdue"), (c.RESPONSE_5BD, c.ESCALATE_MANAGER)),
        State(S.AWAITING_INFORMATION, N_("waiting for information")),
        State(S.APPROVED, N_("credit granted"), (c.CREDIT_AMOUNT,)),
        State(S.REFUSED, N_("credit refused"), (c.NO_AUTO_CREDIT,)),
        State(S.REFUSED_PREMATURE, N_("refused: too early"), (c.DELAY_MIN,)),
        State(S.REFUSED_INCOMPLETE_STEPS, N_("refused: steps incomplete"), (c.STEPS_BEFORE,)),
        State(S.OUT_OF_TIME, N_("refused: too late"), (c.WINDOW_MONTH,)),
        State(S.FORM_REQUIRED, N_("form required"), (c.FORM, c.ESCALATE_MANAGER)),
        State(S.ALREADY_CREDITED, N_("already credited"), (c.CREDIT_AMOUNT,)),
    ),
    actions=(
        Action(
            "request_credit",
            N_("request a credit"),
            frozenset({Role.PROFESSIONAL}),
            REQUEST,
            inputs=REQUEST_INPUTS,
            stamps=(F.request.submitted_at,),
            statement=Statement.ANEW,
            from_states=frozenset(
                {
                    S.WAITING_PERIOD,
                    S.CLAIMABLE,
                    S.REFUSED_PREMATURE,
                    S.REFUSED_INCOMPLETE_STEPS,
                    S.FORM_REQUIRED,
                }
            ),
        ),
        Action(
            "give_information",
            N_("give the information asked for"),
            frozenset({Role.PROFESSIONAL}),
            REQUEST,
            inputs=REQUEST_INPUTS,
            from_states=frozenset({S.AWAITING_INFORMATION}),
        ),
        Action(
            "confirm_contact",
            N_("say whether the client can be reached"),
            frozenset({Role.MANAGER}),
            REQUEST,
            inputs=(
                F.evidence.account_manager_confirms_unreachable,
                F.evidence.account_manager_reached_client_at,
                F.evidence.integrity_flag,
            ),
            from_states=frozenset({S.UNDER_EXAMINATION, S.OVERDUE}),
        ),
        Action(
            "rule",
            N_("rule on the request"),
            frozenset({Role.REVIEWER}),
            RULING,
            inputs=(F.ruling.decision, F.ruling.reason),
            requires=(F.ruling.decision, F.ruling.reason),
            statement=Statement.ANEW,
            from_states=frozenset({S.UNDER_EXAMINATION, S.OVERDUE}),
            signs=F.ruling.by,
        ),
        Action(
            "contact_account_manager",
            N_("contact the account manager"),
            frozenset({Role.PROFESSIONAL}),
            ESCALATION,
            from_states=frozenset({S.OVERDUE}),
        ),
        Action(
            "purchase",
            N_("record the purchase of a lead"),
            frozenset({Role.PLATFORM}),
            PURCHASE,
            inputs=(
                F.lead.id,
                F.lead.purchased_at,
                F.lead.price_paid,
                F.tax_breakdown.net,
                F.tax_breakdown.gst,
                F.tax_breakdown.qst,
            ),
            requires=(F.lead.id, F.lead.purchased_at, F.lead.price_paid),
            founding=Founding.OPENS,
            claims=(Keyed("lead", F.lead.id),),
            identifies=F.lead.id,
        ),
        Action(
            "record_conversion",
            N_("record that a lead became a sale"),
            frozenset({Role.PLATFORM}),
            CONVERSION,
            claims=(Keyed("conversion", F.lead.id),),
        ),
        Action(
            "top_up",
            N_("record an amount paid in"),
            frozenset({Role.PLATFORM}),
            TOP_UP,
            inputs=(F.top_up,),
            requires=(F.top_up,),
            founding=Founding.ON_AN_ACCOUNT,
        ),
    ),
    derived=(
        Derived(
            S.OVERDUE,
            frozenset({S.UNDER_EXAMINATION}),
            (as_of_day > measures.answer_due) & ~answered,
            (c.RESPONSE_5BD, c.ESCALATE_MANAGER),
            (CONTACT_MANAGER,),
        ),
        Derived(
            S.WINDOW_CLOSED,
            frozenset({S.WAITING_PERIOD, S.REFUSED_PREMATURE, S.REFUSED_INCOMPLETE_STEPS}),
            as_of_day > measures.last_day,
        ),
        Derived(
            S.CLAIMABLE,
            frozenset({S.WAITING_PERIOD}),
            ((P.wait_count == WaitCount.DATES) & (as_of_day >= measures.first_day))
            | ((P.wait_count == WaitCount.HOURS) & (F.as_of >= measures.first_moment)),
        ),
    ),
    standing=standing,
    history=history,
    as_of=F.as_of,
    deadlines=(WINDOW_OPENS, WINDOW_CLOSES, ANSWER_DUE),
    waiting=(
        Waiting(
            frozenset({S.UNDER_EXAMINATION}), Role.REVIEWER, settled_by=("rule",), due=ANSWER_DUE
        ),
    ),
)

POLICY = Policy(
    key="xpertsource.lead_credit",
    title=N_("XpertSource lead credits"),
    summary=N_("When the price of a lead is credited to the professional who bought it."),
    version="1",
    effective_from=date(2024, 1, 1),
    facts=F,
    parameters=P,
    catalogue=c.CATALOGUE,
    lifecycle=LIFECYCLE,
    accounts=(
        Account("professional:balance", N_("balance of the professional"), CAD),
        Account("house:lead_revenue", N_("revenue from leads"), CAD),
        Account("house:lead_credits", N_("credits granted for leads"), CAD),
        Account("house:top_ups", N_("amounts paid in"), CAD),
    ),
    party=Role.PROFESSIONAL,
    time_zone="America/Toronto",
    domain="avoir_xpertsource",
    labels={
        **{state.name: state.label for state in LIFECYCLE.states},
        **facts.LABELS,
        **parameters.LABELS,
    },
    windows=(Window(c.WINDOW_MONTH, F.lead.purchased_at, measures.first_day, measures.last_day),),
    reports=(
        Report(
            "conversion",
            N_("rate of conversion"),
            {
                "conversion_rate": measures.conversion_rate,
                "benchmark": P.conversion_benchmark,
                "position": measures.position,
            },
            (c.CONVERSION_1IN5,),
            impossible=(
                impossible(
                    F.leads_converted > F.leads_purchased,
                    F.leads_converted,
                    N_("is more than {other}"),
                    c.CONVERSION_1IN5,
                    other="leads_purchased",
                ),
                MORE_CONVERTED,
            ),
        ),
    ),
    returns=RETURNS,
)
