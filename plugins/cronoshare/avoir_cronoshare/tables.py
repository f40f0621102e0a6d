"""The decision tables of a contact: buying, refunding, putting off, service done, rectifying."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from avoir.clauses import (
    Effect,
    Row,
    Table,
    When,
    ground,
    impossible,
    impossible_each,
    note,
    otherwise,
    require,
    rule,
)
from avoir.conditions import ALWAYS, Condition, is_false, is_true, stated
from avoir.messages import N_
from avoir_cronoshare import catalogue as c
from avoir_cronoshare.effects import (
    ASK,
    BOUGHT,
    BOUGHT_FOR_THE_FEE,
    DONE,
    LIMIT_SET,
    NO_BANK,
    NOTHING_PAID,
    PAID_IN,
    PAID_IN_RECOVERING,
    POSTPONED,
    RECTIFY,
    REFUND,
    REFUND_RECOVERING,
    REFUSE,
    REVIEW,
    SHORT,
    TOO_SOON,
    UNCONFIRMED,
    WINDOW_CLOSES,
    WINDOW_WARNING,
    blocked,
    over,
    recovers,
)
from avoir_cronoshare.facts import CRONO, F, Ground, Remedy
from avoir_cronoshare.measures import (
    acting_id,
    acting_role,
    answered,
    asked_on,
    attempts_before_purchase,
    attempts_to_come,
    calls,
    cronos,
    emails,
    events_in_fractions,
    fee,
    last_day,
    offers_in_fractions,
    phase,
    price,
    price_in_cronos,
    shortfall,
    silent_until,
    spendable,
)
from avoir_cronoshare.parameters import BankRefund, P, Recovery
from avoir_cronoshare.states import S

event, contact, client = F.event, F.contact, F.client
claim = event.ground
NOTHING: Final = cronos(0)

WRONG_UNIT = impossible(
    F.unit != CRONO.code, F.unit, N_("differs from the unit of the account ({unit})"), unit="CRONO"
)
BEFORE_PURCHASE = impossible(
    event.at < contact.purchased_at,
    event.at,
    N_("is before {other}"),
    other="contact.purchased_at",
)
WHOLE: Final = N_("must be a whole number of cronos, and not negative")
WHOLE_AMOUNTS = impossible_each(events_in_fractions, WHOLE)
WHOLE_PRICES = impossible_each(offers_in_fractions, WHOLE)
IMPOSSIBLE = (WRONG_UNIT, BEFORE_PURCHASE, WHOLE_AMOUNTS)

DEADLINES = (WINDOW_CLOSES, WINDOW_WARNING)

# -- buying ----------------------------------------------------------------------------------

lacking = shortfall > NOTHING
without_commission = F.offer.commission == NOTHING

PURCHASE = Table(
    "purchase",
    (
        rule(c.FEE_20, When(stated(F.offer.management_fee != fee), REVIEW)),
        rule(c.PHASE_NOT_PERMITTED, When(price == NOTHING, NOTHING_PAID)),
        require(c.ADVANCE, spendable >= price_in_cronos, SHORT, only_if=lacking),
        require(c.ADVANCE_CONFIRM, is_true(event.confirmed_on_site), UNCONFIRMED, only_if=lacking),
        note(c.RETRIES, lacking),
        rule(c.PHASE_NOT_PERMITTED, When(without_commission, BOUGHT_FOR_THE_FEE)),
        otherwise(c.PRICE, BOUGHT),
    ),
    moment=event.at,
    impossible=(WRONG_UNIT,),
    deadlines=DEADLINES,
    review=REVIEW,
)

# -- managing --------------------------------------------------------------------------------

BY_HIM: Final = N_("the professional himself")
BY_THE_PAYER: Final = N_("the professional who paid for the contact")
A_REFUND: Final = N_("a refund to rectify")
MANAGED: Final = N_("a contact that can be managed")

himself = acting_role == "professional"
payer = acting_id == contact.purchased_by
paid_nothing = contact.commission_paid == NOTHING
in_time = asked_on <= last_day


def _phases(
    not_permitted: Effect, refunded: Effect, chosen: Effect, expired: Effect
) -> tuple[Row, ...]:
    """What the phase of a contact allows; a processed contact never expires."""
    return (
        rule(c.PHASE_NOT_PERMITTED, When(paid_nothing, not_permitted)),
        rule(
            c.PHASE_PROCESSED,
            When(phase == S.PROCESSED_REFUNDED, refunded),
            When((phase == S.PROCESSED_CHOSEN) & ~client_chose, chosen),
        ),
        rule(
            c.NOT_CHOSEN,
            When(
                is_true(contact.client_chose_this_professional),
                replace(chosen, cites=(c.PHASE_PROCESSED,)),
            ),
        ),
        require(c.WINDOW_60BD, in_time, replace(expired, cites=(c.PHASE_EXPIRED,))),
    )


client_chose = stated(contact.client_chose_this_professional)
OWN = (
    require(c.MANUAL, himself, replace(blocked(BY_HIM), cites=(c.NO_CONTACT_NEEDED, c.HOWTO))),
    require(c.NOT_CHOSEN, payer, blocked(BY_THE_PAYER)),
)

# -- refunding -------------------------------------------------------------------------------


def granted(condition: Condition) -> tuple[When, When]:
    """The refund, with the advance paid back out of it where the tenant wants that."""
    recovering = recovers(Recovery.ON_REFUND)
    return When(condition & recovering, REFUND_RECOVERING), When(condition, REFUND)


bank = stated(F.requested_remedy == Remedy.BANK_TRANSFER)
confirmed = is_true(client.confirmed_by_client)
silent = claim == Ground.CLIENT_NO_ANSWER

REFUND_ROWS = (
    *_phases(
        over(S.NOT_PERMITTED), over(S.PROCESSED_REFUNDED), over(S.PROCESSED_CHOSEN), over(S.EXPIRED)
    ),
    *OWN,
    rule(c.NO_BANK, When(bank & (P.bank_refund_request == BankRefund.REFUSE), NO_BANK)),
    note(c.NO_BANK, bank),
    ground(
        c.G1_OTHER_PRO,
        *granted(confirmed),
        claimed=claim == Ground.CLIENT_HAS_OTHER_PROFESSIONAL,
        only_if=claim == Ground.CLIENT_HAS_OTHER_PROFESSIONAL,
    ),
    ground(
        c.G2_NO_NEED,
        *granted(confirmed),
        claimed=claim == Ground.CLIENT_NO_NEED_NOW,
        only_if=claim == Ground.CLIENT_NO_NEED_NOW,
    ),
    require(c.G3_NO_ANSWER, is_false(answered), REFUSE, only_if=silent),
    require(c.G3_NO_ANSWER, calls >= 1, TOO_SOON, only_if=silent),
    require(c.G3_NO_ANSWER, emails >= 1, TOO_SOON, only_if=silent),
    require(c.G3_NO_ANSWER, asked_on >= silent_until, TOO_SOON, only_if=silent),
    rule(c.G3_NO_ANSWER, *granted(ALWAYS), only_if=silent),
    rule(c.G4_PRICE, *granted(ALWAYS), only_if=claim == Ground.CLIENT_REJECTS_PRICE),
    rule(c.G5_SCHEDULE, *granted(ALWAYS), only_if=claim == Ground.CLIENT_REJECTS_SCHEDULE),
    rule(c.MANUAL, When(claim == Ground.PRO_NOT_AVAILABLE, REFUSE)),
    otherwise(c.NOT_CHOSEN, replace(REVIEW, state=S.MANAGE, cites=(c.MANUAL,))),
)


REFUNDING = Table(
    "refund",
    REFUND_ROWS,
    moment=event.at,
    impossible=(
        *IMPOSSIBLE,
        impossible(
            client.occurred_at > event.at,
            client.occurred_at,
            N_("is after {other}"),
            other="event.at",
        ),
        impossible_each(
            attempts_before_purchase, N_("is before the purchase of the contact"), c.G3_NO_ANSWER
        ),
        impossible_each(attempts_to_come, N_("is after the refund was asked for"), c.G3_NO_ANSWER),
    ),
    deadlines=DEADLINES,
    asking=ASK,
    review=replace(REVIEW, state=S.MANAGE),
)

_KEPT = _phases(
    blocked(MANAGED, S.NOT_PERMITTED),
    blocked(MANAGED, S.PROCESSED_REFUNDED),
    blocked(MANAGED, S.PROCESSED_CHOSEN),
    blocked(MANAGED, S.EXPIRED),
)


def _managing(name: str, effect: Effect) -> Table:
    return Table(
        name,
        (*_KEPT, *OWN, otherwise(c.PHASE_MANAGE, effect)),
        moment=event.at,
        impossible=IMPOSSIBLE,
        deadlines=DEADLINES,
        asking=ASK,
    )


POSTPONING = _managing("postpone", POSTPONED)
SERVICE_DONE = _managing("service_done", replace(DONE, cites=(c.PHASE_PROCESSED,)))
CLIENT_CHOICE = Table(
    "client_choice",
    (*_KEPT, otherwise(c.NOT_CHOSEN, replace(DONE, cites=(c.PHASE_PROCESSED,)))),
    moment=event.at,
    impossible=IMPOSSIBLE,
    asking=ASK,
)
RECTIFYING = Table(
    "rectify",
    (
        *OWN,
        rule(
            c.PHASE_RECTIFY,
            When(phase == S.PROCESSED_REFUNDED, RECTIFY),
            When(
                phase == S.PROCESSED_CHOSEN,
                replace(blocked(A_REFUND, S.PROCESSED_CHOSEN), cites=(c.PHASE_PROCESSED,)),
            ),
        ),
        otherwise(c.PHASE_RECTIFY, blocked(A_REFUND, None)),
    ),
    moment=event.at,
    impossible=IMPOSSIBLE,
    asking=ASK,
)

# -- accounts --------------------------------------------------------------------------------

TOPPING_UP = Table(
    "top_up",
    (
        rule(c.ADVANCE, When(recovers(Recovery.ON_TOPUP), PAID_IN_RECOVERING)),
        otherwise(None, PAID_IN),
    ),
    moment=event.at,
    impossible=(WRONG_UNIT,),
)
SETTING_THE_LIMIT = Table(
    "advance_limit",
    (otherwise(c.ADVANCE, LIMIT_SET),),
    moment=event.at,
    impossible=(WRONG_UNIT,),
)
