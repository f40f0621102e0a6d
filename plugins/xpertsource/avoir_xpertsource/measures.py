"""The arithmetic of XpertSource's conditions: counts of attempts, days, amounts, rates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from avoir.conditions import pick
from avoir.dates import business_days, day, days, elapsed_days, months
from avoir.measures import Unknown, measure, tolerant_measure
from avoir.messages import N_, N_n
from avoir.money import AmountError, Money
from avoir.periods import add_months, end_of_month
from avoir_xpertsource.facts import Attempt, AttemptKind, F, PreviousOutcome, RulingDecision
from avoir_xpertsource.parameters import ContractReference, P, WaitCount, WindowMode

ATTEMPTS = F.request.contact_attempts.path

asked_on = day(F.request.submitted_at)
bought_on = day(F.lead.purchased_at)
first_day = (bought_on + days(P.min_wait_days)).named(N_("first day of the request period"))
first_moment = (F.lead.purchased_at + elapsed_days(P.min_wait_days)).named(
    N_("first moment of the request period")
)
opening_day = pick(
    P.wait_count, {WaitCount.DATES: first_day, WaitCount.HOURS: day(first_moment)}
).named(N_("first day of the request period"))
answer_due = (asked_on + business_days(P.response_business_days, P.calendar)).named(
    N_("last day for an answer")
)


@measure(bought_on, P.window_months, label=N_("last day of the request period"))
def end_of_calendar_month(bought: date, count: int) -> date:
    """The last day of the calendar month the period ends in; one month is the purchase's own."""
    return end_of_month(add_months(bought.replace(day=1), count - 1))


last_day = pick(
    P.window_mode,
    {
        WindowMode.ROLLING_MONTH: bought_on + months(P.window_months),
        WindowMode.CALENDAR_MONTH: end_of_calendar_month,
    },
).named(N_("last day of the request period"))


def _earlier(moment: datetime, than: datetime) -> bool:
    """Whether a moment lies before another, also in the hour that comes twice in autumn."""
    return moment.astimezone(UTC) < than.astimezone(UTC)


def _unsettled(attempt: Attempt, submitted: datetime, kind: AttemptKind) -> list[str] | None:
    """What is unknown of an attempt that may count; None where it does not count.

    Only attempts made by the time of the request count (XS-STEPS-BEFORE).
    """
    later = attempt.at is not None and _earlier(submitted, attempt.at)
    if later or attempt.type not in (kind, None):
        return None
    return [name for name in ("type", "at") if getattr(attempt, name) is None]


def _count(
    attempts: Sequence[Attempt],
    submitted: datetime,
    threshold: int,
    kind: AttemptKind,
    *,
    voicemail: bool = False,
) -> int | Unknown:
    """Attempts of a kind; unknown only where what is unknown decides whether they are enough."""
    sure = 0
    unsure: list[list[str]] = []
    for index, attempt in enumerate(attempts):
        unknown = _unsettled(attempt, submitted, kind)
        if unknown is None or (voicemail and attempt.voicemail_left is False):
            continue
        if voicemail and attempt.voicemail_left is None:
            unknown.append("voicemail_left")
        if unknown:
            unsure.append([f"{ATTEMPTS}[{index}].{name}" for name in unknown])
        else:
            sure += 1
    if sure < threshold <= sure + len(unsure):
        return Unknown([path for paths in unsure for path in paths])
    return sure


@measure(
    F.request.contact_attempts,
    F.request.submitted_at,
    P.min_calls,
    label=N_("calls to the client"),
    remedy=N_n("call the client {n} more time", "call the client {n} more times"),
)
def calls(attempts: Sequence[Attempt], submitted: datetime, threshold: int) -> int | Unknown:
    """Calls made before the request."""
    return _count(attempts, submitted, threshold, AttemptKind.CALL)


@measure(
    F.request.contact_attempts,
    F.request.submitted_at,
    P.min_voicemails,
    label=N_("voicemail messages among the calls"),
    remedy=N_n("leave {n} more voicemail message", "leave {n} more voicemail messages"),
)
def voicemails(attempts: Sequence[Attempt], submitted: datetime, threshold: int) -> int | Unknown:
    """Calls made before the request that left a voicemail message (A-XS-06)."""
    return _count(attempts, submitted, threshold, AttemptKind.CALL, voicemail=True)


@measure(
    F.request.contact_attempts,
    F.request.submitted_at,
    P.min_emails,
    label=N_("emails to the client"),
    remedy=N_n("send the client {n} more email", "send the client {n} more emails"),
)
def emails(attempts: Sequence[Attempt], submitted: datetime, threshold: int) -> int | Unknown:
    """Emails sent before the request."""
    return _count(attempts, submitted, threshold, AttemptKind.EMAIL)


def _sent(attempts: Sequence[Attempt], submitted: datetime) -> dict[int, bool]:
    """The emails sent before the request, by their place: whether the proof is attached."""
    return {
        index: attempt.proof_attached is True
        for index, attempt in enumerate(attempts)
        if attempt.type is AttemptKind.EMAIL
        and _unsettled(attempt, submitted, AttemptKind.EMAIL) is not None
    }


@measure(F.request.contact_attempts, F.request.submitted_at, label=N_("emails with their proof"))
def proven_emails(attempts: Sequence[Attempt], submitted: datetime) -> int:
    """Emails sent before the request whose proof is attached."""
    return sum(_sent(attempts, submitted).values())


@measure(F.request.contact_attempts, F.request.submitted_at, label=N_("emails without their proof"))
def unproven_emails(attempts: Sequence[Attempt], submitted: datetime) -> tuple[str, ...]:
    """The paths of the proofs that are not attached."""
    sent = _sent(attempts, submitted)
    return tuple(f"{ATTEMPTS}[{i}].proof_attached" for i, proven in sent.items() if not proven)


@tolerant_measure(
    F.request.contact_attempts,
    F.evidence.client_reached,
    F.evidence.client_met,
    label=N_("client answered"),
)
def reached(attempts: Sequence[Attempt] | None, stated: bool | None, met: bool | None) -> bool:
    """Whether the client was reached, by the log or by the professional's word."""
    answered = any(attempt.answered is True for attempt in attempts or ())
    return answered or stated is True or met is True


@tolerant_measure(
    F.request.contact_attempts,
    F.request.submitted_at,
    label=N_("calls outside the client’s preferred hours"),
)
def preferred_hours_ignored(attempts: Sequence[Attempt] | None, submitted: datetime | None) -> bool:
    """Whether every call is known to have missed the client's preferred hours (A-XS-20)."""
    noted = [
        attempt.within_client_preferred_hours
        for attempt in attempts or ()
        if attempt.type is AttemptKind.CALL
        and (attempt.at is None or submitted is None or not _earlier(submitted, attempt.at))
    ]
    return bool(noted) and all(within is False for within in noted)


@tolerant_measure(
    F.request.contact_attempts, F.lead.purchased_at, label=N_("attempts before the purchase")
)
def attempts_before_purchase(
    attempts: Sequence[Attempt] | None, purchased: datetime | None
) -> tuple[str, ...]:
    """The paths of attempts dated before the purchase (A-XS-07)."""
    if purchased is None:
        return ()
    return tuple(
        f"{ATTEMPTS}[{i}].at"
        for i, attempt in enumerate(attempts or ())
        if attempt.at is not None and _earlier(attempt.at, purchased)
    )


@tolerant_measure(F.evidence.integrity_flag, label=N_("doubt about the request"))
def doubted(flag: str | None) -> bool:
    """Whether the business noted a doubt."""
    return flag is not None and bool(flag.strip())


@measure(F.evidence.undisclosed, label=N_("concealed items"))
def concealed_items(undisclosed: frozenset[object]) -> int:
    """How many of the listed items the client concealed."""
    return len(undisclosed)


@tolerant_measure(
    F.request.contact_attempts, bought_on, label=N_("first attempt to reach the client")
)
def first_contact_on(
    attempts: Sequence[Attempt] | None, bought: date | None
) -> date | Unknown | None:
    """The day of the first attempt; the purchase, where the client was never contacted."""
    if attempts is None:
        return Unknown((ATTEMPTS,))
    moments = [attempt.at for attempt in attempts if attempt.at is not None]
    return min(moments).date() if moments else bought


contract_limit = pick(
    P.contract_reference,
    {
        ContractReference.PURCHASE: bought_on,
        ContractReference.FIRST_CONTACT: first_contact_on,
        ContractReference.ANY: asked_on,
    },
).named(N_("latest signature of the other contract that counts"))


@tolerant_measure(F.previous_requests, label=N_("credits already granted for this lead"))
def credits_granted(previous: Sequence[object] | None) -> int:
    """Earlier requests for this lead that were approved; records show all there are."""
    return sum(
        getattr(request, "outcome", None) is PreviousOutcome.APPROVED for request in previous or ()
    )


@tolerant_measure(F.previous_rulings, F.ruling.by, label=N_("refusals by another reviewer"))
def refusals_by_another(rulings: Sequence[object] | None, by: str | None) -> int:
    """Earlier rulings by somebody else that refused."""
    return sum(
        getattr(ruling, "decision", None) is RulingDecision.REFUSE
        and getattr(ruling, "by", None) != by
        for ruling in rulings or ()
    )


@measure(F.lead.price_paid, F.tax_breakdown.net, label=N_("price before taxes"))
def net_is_part(paid: Money, net: Decimal) -> bool:
    """Whether the net price is an amount of the unit of the price, and no more than it."""
    try:
        return 0 < Money.parse(str(net), paid.unit).smallest <= paid.smallest
    except AmountError:
        return False


@measure(F.lead.price_paid, F.tax_breakdown.net, label=N_("price before taxes"))
def net_price(paid: Money, net: Decimal) -> Money:
    """The price paid, without taxes, in its unit."""
    return Money.parse(str(net), paid.unit)


credit = pick(P.credit_includes_taxes, {True: F.lead.price_paid, False: net_price}).named(
    N_("amount of the credit")
)


@measure(F.ruling.by, F.ruling.reason, label=N_("ruling signed and reasoned"))
def signed_and_reasoned(by: str, reason: str) -> bool:
    """Whether a ruling names who ruled and why."""
    return bool(by.strip()) and bool(reason.strip())


@measure(
    F.lead.price_paid,
    F.tax_breakdown.net,
    F.tax_breakdown.gst,
    F.tax_breakdown.qst,
    label=N_("price with its taxes"),
)
def taxes_add_up(paid: Money, net: Decimal, gst: Decimal, qst: Decimal) -> bool:
    """Whether net price and taxes make the price paid."""
    return net + gst + qst == Decimal(paid.amount)


class Position(StrEnum):
    """How a rate of conversion compares with the benchmark."""

    ABOVE = "above_benchmark"
    AT = "at_benchmark"
    BELOW = "below_benchmark"


def _rate(purchased: int | None, converted: int | None) -> Decimal | None:
    if not purchased or converted is None:
        return None
    return Decimal(converted) / Decimal(purchased)


@tolerant_measure(F.leads_purchased, F.stats.leads_purchased, label=N_("leads purchased"))
def purchased_leads(direct: int | None, recorded: int | None) -> int | None:
    """Leads purchased, from the record or as given to the report."""
    return recorded if direct is None else direct


@tolerant_measure(F.leads_converted, F.stats.leads_converted, label=N_("leads that became revenue"))
def converted_leads(direct: int | None, recorded: int | None) -> int | None:
    """Leads that became revenue, from the record or as given to the report."""
    return recorded if direct is None else direct


@tolerant_measure(purchased_leads, converted_leads, label=N_("rate of conversion"))
def conversion_rate(purchased: int | None, converted: int | None) -> Decimal | None:
    """Leads converted of leads purchased, to the hundredth; unknown where none was purchased."""
    rate = _rate(purchased, converted)
    return None if rate is None else rate.quantize(Decimal("0.01"), ROUND_HALF_UP)


@tolerant_measure(purchased_leads, converted_leads, P.conversion_benchmark, label=N_("position"))
def position(
    purchased: int | None, converted: int | None, benchmark: Decimal | None
) -> Position | None:
    """The rate against the benchmark, compared exactly."""
    rate = _rate(purchased, converted)
    if rate is None or benchmark is None:
        return None
    if rate == benchmark:
        return Position.AT
    return Position.ABOVE if rate > benchmark else Position.BELOW
