"""A toy policy: a shop takes umbrellas back. Small enough to be held in the head.

An umbrella may be brought back from the third day after the sale to the thirtieth, with two
photographs and the receipt (or the shop's word that it knows the sale). A faulty one is paid
back in full, one in the wrong colour by half; whatever looks doubtful goes to a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final

from avoir import parameters
from avoir.cases import evaluate
from avoir.clauses import (
    Company,
    Cure,
    DeadlineRule,
    Document,
    Effect,
    NoticeRule,
    Outcome,
    PostingRule,
    Table,
    When,
    clause,
    ground,
    impossible,
    note,
    otherwise,
    require,
    rule,
)
from avoir.conditions import is_false, is_true, known, stated
from avoir.dates import business_days, day, days
from avoir.decisions import Decision
from avoir.facts import Facts, Record, Source, choice, flag, group, instant, items, text, zone_name
from avoir.facts import money as amount
from avoir.kinds import Item
from avoir.ledger import Account
from avoir.lifecycles import Action, Derived, Event, Founding, Keyed, Lifecycle, Role, State
from avoir.measures import measure, tolerant_measure
from avoir.messages import N_n
from avoir.money import Money, Rounding, Unit
from avoir.parameters import Parameters
from avoir.policies import Policy, Report, Window

GBP: Final = Unit("GBP", 2)
TERMS: Final = Document("900", "Bringing an umbrella back", "en", "GB")


class Reason(StrEnum):
    """Why an umbrella comes back."""

    FAULTY = "faulty"
    COLOUR = "colour"
    REGRET = "regret"


class Photo(Item, frozen=True, kw_only=True):
    """A photograph of the umbrella."""

    sharp: Annotated[bool | None, "sharp"] = None
    taken_at: Annotated[datetime | None, "moment of the photograph"] = None
    value: Annotated[Money | None, "value shown"] = None


class Sale(Record):
    """The sale, as the till recorded it."""

    id = text("sale")
    at = instant("moment of the sale")
    price = amount("price", unit=GBP)


class Request(Record):
    """What the client asks for."""

    at = instant("moment of the request", source=Source.CLOCK)
    reason = choice(Reason, "reason")
    photos = items(Photo, "photographs")
    receipt = flag("receipt shown", remedy=N_n("show the receipt", "show the receipts"))


class F(Facts):
    """Every fact of a return."""

    time_zone = zone_name("time zone")
    as_of = instant("moment asked about", source=Source.CLOCK)
    sale = group(Sale, Source.RECORD)
    request = group(Request)
    faulty = flag("umbrella is faulty")
    wrong_colour = flag("umbrella has the wrong colour")
    known_sale = flag(
        "shop knows the sale",
        source=Source.BUSINESS,
        remedy=N_n("have the shop look the sale up", "have the shop look the sales up"),
    )
    doubt = text("doubt", source=Source.BUSINESS)
    action = text("action")
    report = text("report")


class P(Parameters):
    """What the shop may tune."""

    first_days = parameters.whole(3, "days to wait", low=0, high=60)
    last_days = parameters.whole(30, "days to come back", low=1, high=90)
    photos = parameters.whole(2, "photographs required", low=0, high=9)
    half = parameters.share("0.5", "share paid for a wrong colour")
    calendar = parameters.calendar("GB-ENG", "calendar of business days")
    shop_may_vouch = parameters.yes_or_no(True, "the shop's word replaces a receipt")
    at_once = parameters.yes_or_no(True, "refunds are paid at once")


class S(StrEnum):
    """The states of a sale."""

    SOLD = "sold"
    ASKED = "asked"
    WAITING = "waiting"
    REFUNDED = "refunded"
    REFUSED = "refused"
    CLOSED = "closed"


WINDOW = clause("U-WINDOW", TERMS.lines(1), "An umbrella may come back within thirty days.")
WAIT = clause("U-WAIT", TERMS.lines(1), "It may come back from the third day.")
PHOTOS = clause("U-PHOTOS", TERMS.lines(2), "Two photographs are needed.")
RECEIPT = clause("U-RECEIPT", TERMS.lines(2, 3), "The receipt is shown, or the shop knows.")
FAULTY = clause("U-FAULTY", TERMS.lines(4), "A faulty umbrella is paid back.")
COLOUR = clause("U-COLOUR", TERMS.lines(5), "For a wrong colour, half is paid.")
PRICE = clause("U-PRICE", TERMS.lines(6), "What is paid back is the price.")
DOUBT = clause("U-DOUBT", TERMS.lines(7), "Doubtful returns are looked at by a person.")
RAIN = clause("U-RAIN", TERMS.lines(8), "Umbrellas are for rain.")
ANSWER = clause("U-ANSWER", TERMS.lines(9), "A person answers in two business days.")
NOTHING = clause("U-NOTHING", TERMS.lines(10), "Nothing else is paid back.")
CATALOGUE = (
    WINDOW,
    WAIT,
    PHOTOS,
    RECEIPT,
    FAULTY,
    COLOUR,
    PRICE,
    DOUBT,
    RAIN,
    ANSWER,
    NOTHING,
)

asked_on = day(F.request.at)
sold_on = day(F.sale.at)
first_day = (sold_on + days(P.first_days)).named("first day")
last_day = (sold_on + days(P.last_days)).named("last day")
answer_due = (asked_on + business_days(2, P.calendar)).named("answer due")


@measure(
    F.request.photos,
    label="sharp photographs",
    remedy=N_n("add {n} photograph", "add {n} photographs"),
)
def photos(shown: Sequence[Photo]) -> int:
    """The photographs that are not known to be blurred."""
    return sum(photo.sharp is not False for photo in shown)


@measure(F.sale.price, P.half, label="half the price")
def half_price(price: Money, share: Decimal) -> Money:
    """The share that is paid for a wrong colour."""
    return price.share(share, Rounding.HALF_UP)


PAID = (PostingRule("refund", "house:till", "client:balance"),)
TOLD = NoticeRule("decided", "client", "Your return was decided.")
PAY = Effect(
    Outcome.APPROVED,
    S.REFUNDED,
    amount=F.sale.price,
    amount_clause=PRICE,
    postings=PAID,
    notices=(TOLD,),
    at_once=is_true(P.at_once),
    reserved=S.ASKED,
)
HALF = Effect(
    Outcome.PARTLY_APPROVED, S.REFUNDED, amount=half_price, amount_clause=PRICE, postings=PAID
)
REFUSE = Effect(Outcome.REFUSED, S.REFUSED, notices=(TOLD,))
LATER = Effect(Outcome.REFUSED, S.REFUSED, cure=Cure.RESUBMIT)
CLOSED = Effect(Outcome.REFUSED, S.CLOSED, company=Company.ALONE)
ASK = Effect(Outcome.NEEDS_INFORMATION, S.WAITING)
REVIEW = Effect(Outcome.MANUAL_REVIEW, S.ASKED, cites=(DOUBT,))

ANSWER_DUE = DeadlineRule(
    "answer_due", "answer due", answer_due, ANSWER, frozenset({S.ASKED}), calendar=P.calendar
)
WINDOW_CLOSES = DeadlineRule(
    "window_closes", "last day to come back", last_day, WINDOW, frozenset({S.SOLD, S.REFUSED})
)

RETURN = Table(
    "return",
    (
        require(WINDOW, asked_on <= last_day, CLOSED),
        require(WAIT, asked_on >= first_day, LATER),
        require(PHOTOS, photos >= P.photos, LATER),
        require(
            RECEIPT,
            is_true(F.request.receipt) | (is_true(P.shop_may_vouch) & is_true(F.known_sale)),
            LATER,
        ),
        note(RAIN, stated(F.request.reason == Reason.REGRET)),
        rule(DOUBT, When(known(F.doubt), REVIEW)),
        ground(FAULTY, When(is_true(F.faulty), PAY), claimed=F.request.reason == Reason.FAULTY),
        ground(
            COLOUR,
            When(is_true(F.wrong_colour), HALF),
            claimed=F.request.reason == Reason.COLOUR,
        ),
        otherwise(NOTHING, REFUSE),
    ),
    moment=F.request.at,
    impossible=(
        impossible(F.request.at < F.sale.at, F.request.at, "is before {other}", other="sale.at"),
        impossible(is_true(F.faulty) & is_false(F.request.receipt), F.faulty, "cannot be known"),
    ),
    deadlines=(ANSWER_DUE, WINDOW_CLOSES),
    asking=ASK,
    review=REVIEW,
)
SALE = Table(
    "sale",
    (
        otherwise(
            None,
            Effect(
                Outcome.RECORDED,
                S.SOLD,
                amount=F.sale.price,
                postings=(PostingRule("sale", "client:balance", "house:till"),),
            ),
        ),
    ),
    moment=F.sale.at,
    deadlines=(WINDOW_CLOSES,),
)


@tolerant_measure(F.request.at, F.sale.at, label="state")
def standing(asked: datetime | None, sold: datetime | None) -> str | None:
    """The state that a document shows by itself."""
    if asked is not None:
        return S.ASKED
    return None if sold is None else S.SOLD


def history(events: Sequence[Event]) -> Mapping[str, object]:
    """Nothing that a return needs."""
    return {}


LIFECYCLE = Lifecycle(
    states=(
        State(S.SOLD, "sold", (WAIT,)),
        State(S.ASKED, "asked", (ANSWER,)),
        State(S.WAITING, "waiting for information"),
        State(S.REFUNDED, "refunded", (PRICE,)),
        State(S.REFUSED, "refused", (NOTHING,)),
        State(S.CLOSED, "closed", (WINDOW,)),
    ),
    actions=(
        Action(
            "bring_back",
            "bring an umbrella back",
            frozenset({Role.CLIENT}),
            RETURN,
            inputs=(F.request.reason, F.request.photos, F.request.receipt, F.faulty),
            from_states=frozenset({S.SOLD, S.REFUSED, S.WAITING}),
        ),
        Action(
            "look_up",
            "say whether the sale is known",
            frozenset({Role.TEAM}),
            RETURN,
            inputs=(F.known_sale, F.doubt),
            from_states=frozenset({S.ASKED}),
        ),
        Action(
            "sell",
            "record a sale",
            frozenset({Role.PLATFORM}),
            SALE,
            inputs=(F.sale.id, F.sale.at, F.sale.price),
            founding=Founding.OPENS,
            claims=(Keyed("sale", F.sale.id),),
            identifies=F.sale.id,
        ),
    ),
    derived=(
        Derived(S.CLOSED, frozenset({S.SOLD, S.REFUSED}), day(F.as_of) > last_day, notices=(TOLD,)),
    ),
    standing=standing,
    history=history,
    as_of=F.as_of,
    deadlines=(ANSWER_DUE, WINDOW_CLOSES),
)

ACCOUNTS = (
    Account("client:balance", "balance of the client", GBP, floor=0),
    Account("client:points", "points of the client", Unit("POINT", 0)),
    Account("house:till", "till", GBP),
    Account("house:points", "points given", Unit("POINT", 0)),
)


def policy(**changes: Any) -> Policy:
    """The toy policy, or one with some of its parts replaced."""
    parts: dict[str, Any] = {
        "key": "umbrella.returns",
        "title": "Umbrellas brought back",
        "summary": "When a shop takes an umbrella back.",
        "version": "1",
        "effective_from": date(2025, 1, 1),
        "facts": F,
        "parameters": P,
        "catalogue": CATALOGUE,
        "lifecycle": LIFECYCLE,
        "accounts": ACCOUNTS,
        "party": Role.CLIENT,
        "time_zone": "Europe/London",
        "domain": "toy",
        "windows": (Window(WINDOW, F.sale.at, first_day, last_day),),
        "reports": (Report("sharpness", "sharpness", {"half": P.half, "paid": half_price}, ()),),
        "stated_action": F.action,
        "verbs": {"return": "bring_back"},
    }
    return Policy(**parts | changes)


POLICY = policy()
EDITION = POLICY.edition()

SOLD: Final[Mapping[str, object]] = {
    "sale": {"id": "S-1", "at": "2025-03-01T10:00:00+00:00", "price": "20.01"},
}
COMPLETE: Final[Mapping[str, object]] = {
    **SOLD,
    "request": {
        "at": "2025-03-10T12:00:00+00:00",
        "reason": "faulty",
        "photos": [{}, {"sharp": True}],
        "receipt": True,
    },
    "faulty": True,
}
"""A return that is paid back."""


def returned(request: Mapping[str, object] | None = None, **facts: object) -> Decision:
    """What becomes of the complete return with some of its facts replaced."""
    asked = COMPLETE["request"]
    assert isinstance(asked, Mapping)
    document = {**COMPLETE, "request": {**asked, **(request or {})}, **facts}
    return evaluate(EDITION, "bring_back", document)
