"""The parameters of the terms of prescribers, with their bounds."""

from __future__ import annotations

from avoir.messages import N_
from avoir.parameters import Parameters, text, whole
from avoir.rulings import four_eyes


class P(Parameters):
    """What an operator may tune."""

    window_years = whole(1, N_("years within which a transformation pays"), low=1, high=10)
    transformed_status = text("G", N_("status of a file that is transformed"))
    late_attachment_after_days = whole(
        0, N_("days after receipt from which an attachment is late"), low=0, high=90
    )
    prior_knowledge_stale_days = whole(
        365, N_("days after which earlier knowledge of a contact is old"), low=30, high=3_650
    )
    payments_per_contact = whole(1, N_("payments for one contact"), low=1, high=10)
    four_eyes = four_eyes()
