"""The arithmetic of Acme's terms: days, calls, tokens."""

from __future__ import annotations

from collections.abc import Sequence

from acme_leads.facts import TOKEN, Call, F
from acme_leads.parameters import P
from avoir.dates import day, days
from avoir.measures import Unknown, measure
from avoir.messages import N_, N_n
from avoir.money import Money

returned_on = day(F.request.submitted_at)
last_day = (day(F.lead.delivered_at) + days(P.window_days)).named(N_("last day for a return"))


@measure(
    F.request.calls,
    label=N_("calls to the client"),
    remedy=N_n("call the client {n} more time", "call the client {n} more times"),
)
def calls(made: Sequence[Call]) -> int:
    """How often the client was called."""
    return len(made)


@measure(F.request.calls, label=N_("client answered"))
def answered(made: Sequence[Call]) -> bool | Unknown:
    """Whether any call was answered; asks about the calls that do not say so."""
    if any(call.answered for call in made):
        return True
    silent = [i for i, call in enumerate(made) if call.answered is None]
    return Unknown([f"{F.request.calls.path}[{i}].answered" for i in silent]) if silent else False


@measure(F.lead.price, P.handling_fee, label=N_("tokens given back"))
def given_back(price: Money, fee: int) -> Money:
    """The price less the handling fee, and never less than nothing."""
    return max(price - Money(fee, TOKEN), Money(0, TOKEN))
