"""The numbers in Acme's terms that an operator may tune, with their bounds."""

from __future__ import annotations

from avoir.messages import N_
from avoir.parameters import Parameters, whole


class P(Parameters):
    """What an operator may tune."""

    window_days = whole(10, N_("days of the return period"), low=1, high=60)
    min_calls = whole(2, N_("calls required"), low=0, high=10)
    handling_fee = whole(1, N_("tokens kept for handling"), low=0, high=1_000)
