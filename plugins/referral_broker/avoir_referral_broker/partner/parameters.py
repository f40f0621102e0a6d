"""The parameters of the process for partners, with their bounds."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from avoir.messages import N_
from avoir.money import Rounding
from avoir.parameters import Parameters, calendar, one_of, share, texts, whole
from avoir.rulings import LABELS as FOUR_EYES
from avoir.rulings import four_eyes


class Base(StrEnum):
    """Of which sum the partner has a share (A-BP-01)."""

    RECEIVED = "received"
    APPROVED = "approved"


class ExtraDocumentsClock(StrEnum):
    """What further documents do to the time of the team's analysis (A-BP-05)."""

    RESTART = "restart"
    PAUSE = "pause"
    RUN = "run"


class AgreeWhen(StrEnum):
    """When the lower end of the range is to be agreed with the client (A-BP-06)."""

    DIFFERS = "differs"
    BELOW = "below"


class P(Parameters):
    """What an operator may tune."""

    commission_rate = share("0.025", N_("share of the loan that the partner is due"))
    base = one_of(Base.RECEIVED, N_("sum that the partner has a share of"))
    rounding = one_of(Rounding.HALF_UP, N_("rounding of the partner’s commission"))
    analysis_business_days = whole(2, N_("business days of the team’s analysis"), low=1, high=30)
    extra_documents_clock = one_of(
        ExtraDocumentsClock.RESTART, N_("what further documents do to the time of the analysis")
    )
    agree_when = one_of(AgreeWhen.DIFFERS, N_("when the lower end of the range is to be agreed"))
    required_documents = texts(N_("documents required of a client"))
    criteria = texts(N_("criteria that a client must meet"))
    stop_factors = texts(N_("stop factors to look for"))
    four_eyes = four_eyes()
    calendar = calendar("RU", N_("calendar of business days"))


LABELS: Final = {
    **FOUR_EYES,
    "received": N_("the loan received"),
    "half_up": N_("half up"),
    "half_even": N_("half to even"),
    "down": N_("down"),
    "restart": N_("it begins again once they are all there"),
    "pause": N_("it stands still until they are there"),
    "run": N_("it runs on"),
    "differs": N_("when it is not the sum asked for"),
    "below": N_("when it is below the sum asked for"),
}
"""How the values of choices are called by people; a loan “approved” is called so everywhere."""
