"""The arithmetic of Cronoshare's terms: prices, shortfalls, silences, the refund period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from avoir.conditions import pick
from avoir.dates import business_days, day, days
from avoir.measures import Unknown, measure, tolerant_measure
from avoir.messages import N_, N_n
from avoir.money import Money
from avoir_cronoshare.facts import CRONO, Attempt, AttemptKind, F, Past, PricedOffer, PriorEvent
from avoir_cronoshare.parameters import NoAnswerClock, P, WindowStart, WindowUnit
from avoir_cronoshare.states import S

ATTEMPTS = F.client.attempts.path

asked_on = day(F.event.at)
bought_on = day(F.contact.purchased_at)
arose_on = day(F.client.occurred_at)
window_start = pick(P.window_start, {WindowStart.PURCHASE: bought_on, WindowStart.EVENT: arose_on})
last_day = pick(
    P.window_unit,
    {
        WindowUnit.BUSINESS: window_start + business_days(P.window_days, P.calendar, P.week),
        WindowUnit.CALENDAR: window_start + days(P.window_days),
    },
).named(N_("last day of the refund period"))


@measure(last_day, P.warning_days, label=N_("day of the warning"))
def warning_day(last: date, before: int) -> date:
    """So many days before the refund period ends."""
    return last - timedelta(days=before)


# -- buying ----------------------------------------------------------------------------------


def cronos(number: int) -> Money:
    """So many cronos."""
    return Money(number, CRONO)


@measure(P.management_fee, label=N_("management fee"))
def fee(number: int) -> Money:
    """The fixed fee of each offer."""
    return cronos(number)


@measure(F.offer.commission, fee, label=N_("price of the contact"))
def price(commission: Money, fixed: Money) -> Money:
    """Commission and fee."""
    return commission + fixed


@measure(price, F.professional.cronos_balance, label=N_("cronos missing"))
def shortfall(total: Money, balance: Money) -> Money:
    """What an advance would have to bring."""
    return cronos(max(0, total.smallest - balance.smallest))


@tolerant_measure(
    F.professional.advance_limit, P.default_advance_limit, label=N_("limit of advances in force")
)
def limit(own: Money | None, default: int | None) -> Money:
    """The professional's own limit, or the tenant's."""
    return cronos(default or 0) if own is None else own


@measure(
    F.professional.cronos_balance,
    limit,
    F.professional.advance_outstanding,
    P.advance_enabled,
    label=N_("cronos to spend, with an advance"),
    remedy=N_n("top up {n} crono", "top up {n} cronos"),
)
def spendable(balance: Money, most: Money, advanced: Money, enabled: bool) -> int:
    """The balance, and what may still be advanced."""
    room = max(0, most.smallest - advanced.smallest) if enabled else 0
    return balance.smallest + room


@measure(price, label=N_("price of the contact"))
def price_in_cronos(total: Money) -> int:
    """The price as a number."""
    return total.smallest


# -- refunding -------------------------------------------------------------------------------


@tolerant_measure(
    F.contact.prior_events,
    F.contact.client_chose_this_professional,
    F.contact.commission_paid,
    label=N_("phase on record"),
)
def phase(
    events: Sequence[PriorEvent] | None, chosen: bool | None, paid: Money | None
) -> str | Unknown:
    """The phase that the records show; time may have made a contact expire since."""
    if paid is not None and paid.smallest == 0:
        return S.NOT_PERMITTED
    if events is None:
        return Unknown([F.contact.prior_events.path])
    kinds = {event.type for event in events}
    if kinds & {Past.DECLARE_SERVICE_DONE, Past.RECTIFY}:
        return S.PROCESSED_CHOSEN
    if Past.REFUND in kinds:
        return S.PROCESSED_REFUNDED
    if chosen:
        return S.PROCESSED_CHOSEN
    return S.MANAGE


@measure(F.event.by, label=N_("role of who acts"))
def acting_role(by: str) -> str:
    """The role in ``professional:P-1``."""
    return by.partition(":")[0]


@measure(F.event.by, label=N_("id of who acts"))
def acting_id(by: str) -> str:
    """The id in ``professional:P-1``."""
    return by.partition(":")[2]


@measure(
    F.client.attempts,
    label=N_("calls to the client"),
    remedy=N_n("call the client", "call the client {n} times"),
)
def calls(attempts: Sequence[Attempt]) -> int | Unknown:
    """Calls made to the client."""
    return _count(attempts, AttemptKind.CALL)


@measure(
    F.client.attempts,
    label=N_("emails to the client"),
    remedy=N_n("write the client an email", "write the client {n} emails"),
)
def emails(attempts: Sequence[Attempt]) -> int | Unknown:
    """Emails sent to the client."""
    return _count(attempts, AttemptKind.EMAIL)


def _count(attempts: Sequence[Attempt], kind: AttemptKind) -> int | Unknown:
    """Attempts of a kind; an entry that does not say is asked for where there is none."""
    found = sum(attempt.type is kind for attempt in attempts)
    unsure = [f"{ATTEMPTS}[{i}].type" for i, a in enumerate(attempts) if a.type is None]
    return Unknown(unsure) if unsure and not found else found


@measure(F.client.attempts, label=N_("client answered"))
def answered(attempts: Sequence[Attempt]) -> bool | Unknown:
    """Whether any attempt was answered; an entry that does not say is asked for."""
    if any(attempt.answered is True for attempt in attempts):
        return True
    unsure = [f"{ATTEMPTS}[{i}].answered" for i, a in enumerate(attempts) if a.answered is None]
    return Unknown(unsure) if unsure else False


@measure(
    F.client.attempts,
    P.no_answer_clock,
    P.no_answer_min_days,
    asked_on,
    label=N_("start of the client’s silence"),
)
def silence_began(
    attempts: Sequence[Attempt], clock: NoAnswerClock, least: int, asked: date
) -> date | Unknown | None:
    """The day from which the silence counts; asks for a moment only where it could decide."""
    first: dict[AttemptKind, date] = {}
    unsure: list[str] = []
    for index, attempt in enumerate(attempts):
        if attempt.at is None:
            unsure.append(f"{ATTEMPTS}[{index}].at")
        elif attempt.type is None:
            unsure.append(f"{ATTEMPTS}[{index}].type")
        else:
            on = attempt.at.date()
            first[attempt.type] = min(on, first.get(attempt.type, on))
    began: date | None = None
    if first:
        earliest = clock is NoAnswerClock.FIRST_ATTEMPT
        began = min(first.values()) if earliest else max(first.values())
    if unsure and (began is None or began + timedelta(days=least) > asked):
        return Unknown(unsure)
    return began


silent_until = (silence_began + days(P.no_answer_min_days)).named(
    N_("first day on which silence is long enough")
)


@tolerant_measure(
    F.client.attempts, F.contact.purchased_at, label=N_("attempts before the purchase")
)
def attempts_before_purchase(
    attempts: Sequence[Attempt] | None, purchased: datetime | None
) -> tuple[str, ...]:
    """The paths of attempts dated before the contact was bought."""
    if purchased is None:
        return ()
    return tuple(
        f"{ATTEMPTS}[{i}].at"
        for i, attempt in enumerate(attempts or ())
        if attempt.at is not None and attempt.at < purchased
    )


@tolerant_measure(F.client.attempts, F.event.at, label=N_("attempts still to come"))
def attempts_to_come(attempts: Sequence[Attempt] | None, asked: datetime | None) -> tuple[str, ...]:
    """The paths of attempts dated after the refund was asked for."""
    if asked is None:
        return ()
    return tuple(
        f"{ATTEMPTS}[{i}].at"
        for i, attempt in enumerate(attempts or ())
        if attempt.at is not None and attempt.at > asked
    )


def _is_whole(amount: Decimal | None) -> bool:
    return amount is None or (amount >= 0 and amount == amount.to_integral_value())


@tolerant_measure(F.contact.prior_events, label=N_("amounts that are no cronos"))
def events_in_fractions(events: Sequence[PriorEvent] | None) -> tuple[str, ...]:
    """The paths of amounts of earlier acts that are not whole, or negative."""
    path = F.contact.prior_events.path
    return tuple(
        f"{path}[{i}].amount" for i, event in enumerate(events or ()) if not _is_whole(event.amount)
    )


@measure(
    F.contact.commission_paid, F.professional.advance_outstanding, label=N_("advance paid back")
)
def recovered_from_refund(refunded: Money, advanced: Money) -> Money:
    """What of a refund goes to the outstanding advance."""
    return cronos(min(refunded.smallest, advanced.smallest))


@measure(F.top_up, F.professional.advance_outstanding, label=N_("advance paid back"))
def recovered_from_top_up(paid: Money, advanced: Money) -> Money:
    """What of a top-up goes to the outstanding advance."""
    return cronos(min(paid.smallest, advanced.smallest))


@tolerant_measure(
    F.contact.prior_events, F.contact.commission_paid, label=N_("commission refunded")
)
def refunded(events: Sequence[PriorEvent] | None, paid: Money | None) -> Money | None:
    """What the refund of this contact brought, and a rectification takes back."""
    for event in events or ():
        if event.type is Past.REFUND and event.amount is not None:
            return cronos(int(event.amount))
    return paid


@measure(refunded, F.professional.cronos_balance, label=N_("cronos missing"))
def rectification_shortfall(back: Money, balance: Money) -> Money:
    """What an advance brings where the balance does not cover the commission taken back."""
    return cronos(max(0, back.smallest - balance.smallest))


# -- the price list --------------------------------------------------------------------------


@tolerant_measure(F.offers, label=N_("prices that are no cronos"))
def offers_in_fractions(offers: Sequence[PricedOffer] | None) -> tuple[str, ...]:
    """The paths of prices that are not whole, or negative."""
    return tuple(
        f"{F.offers.path}[{i}].{name}"
        for i, offer in enumerate(offers or ())
        for name, price in (
            ("commission", offer.commission),
            ("management_fee", offer.management_fee),
        )
        if not _is_whole(price)
    )


@measure(F.offers, label=N_("offers with too small a commission"))
def underpriced(offers: Sequence[PricedOffer]) -> tuple[str, ...]:
    """The ids of offers whose commission is below that of a smaller budget in the same unit."""
    priced = [
        (offer.client_budget, offer.commission, offer.id or f"{F.offers.path}[{index}]")
        for index, offer in enumerate(offers)
        if offer.client_budget is not None and offer.commission is not None
    ]
    return tuple(
        name
        for budget, commission, name in priced
        if any(
            other.unit == budget.unit and other < budget and theirs > commission
            for other, theirs, _ in priced
        )
    )


@measure(underpriced, label=N_("commission does not fall as the budget grows"))
def commission_never_falls(found: Sequence[str]) -> bool:
    """Whether the price list keeps the rule."""
    return not found
