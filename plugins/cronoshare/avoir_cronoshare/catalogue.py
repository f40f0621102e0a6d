"""Every clause of Cronoshare's refund terms, once: id, citation, our own words."""

from __future__ import annotations

from typing import Final

from avoir.clauses import Document, clause
from avoir.messages import N_

TERMS: Final = Document(id="001", title="Remboursement sur Cronoshare", language="fr", place="FR")

NO_BANK = clause(
    "CS-NO-BANK",
    TERMS.lines(3),
    N_("Nothing is paid out to a bank account; what is due comes back in cronos."),
)
COMMISSION_ONLY = clause(
    "CS-COMMISSION-ONLY",
    TERMS.lines(7, 9),
    N_("What comes back is the commission that was paid, all of it and nothing else, in cronos."),
)
PRICE = clause(
    "CS-PRICE",
    TERMS.lines(7),
    N_("A contact costs its commission and a fixed management fee, booked apart."),
)
NO_CONTACT_NEEDED = clause(
    "CS-NO-CONTACT-NEEDED",
    TERMS.lines(9),
    N_("You make a refund yourself; there is no need to write to Cronoshare for it."),
)
RETRIES = clause(
    "CS-RETRIES",
    TERMS.lines(11),
    N_("The fee of each try is spent, but a refunded commission and an advance pay for the next."),
)
ADVANCE = clause(
    "CS-ADVANCE",
    TERMS.lines(11),
    N_("Cronos that you lack for a contact may be advanced to you, within your limit."),
)
ADVANCE_CONFIRM = clause(
    "CS-ADVANCE-CONFIRM",
    TERMS.lines(11),
    N_("An advance only asks that you confirm the offer on the site."),
)
COMMISSION_VARIABLE = clause(
    "CS-COMMISSION-VARIABLE",
    TERMS.lines(16),
    N_("The commission varies with the offer: a larger budget never carries a smaller one."),
)
NOT_CHOSEN = clause(
    "CS-NOT-CHOSEN",
    TERMS.lines(16),
    N_("Only who paid for the contact, and was not chosen by the client, may be refunded."),
)
FEE_20 = clause(
    "CS-FEE-20",
    TERMS.lines(20),
    N_("Each offer carries the fixed management fee, which never comes back."),
)
MANUAL = clause(
    "CS-MANUAL",
    TERMS.lines(24),
    N_("A refund is made by the professional in person, for one of the cases that the terms name."),
)
G1_OTHER_PRO = clause(
    "CS-G1-OTHER-PRO",
    TERMS.lines(26),
    N_("A refund is due when the client tells you that another professional has been found."),
)
G2_NO_NEED = clause(
    "CS-G2-NO-NEED",
    TERMS.lines(28),
    N_("A refund is due when the client tells you that the service is not needed for now."),
)
G3_NO_ANSWER = clause(
    "CS-G3-NO-ANSWER",
    TERMS.lines(30),
    N_("A refund is due when your calls and your emails stay unanswered for the required days."),
)
G4_PRICE = clause(
    "CS-G4-PRICE",
    TERMS.lines(32),
    N_("A refund is due when the client turns down your price."),
)
G5_SCHEDULE = clause(
    "CS-G5-SCHEDULE",
    TERMS.lines(34),
    N_("A refund is due when the client turns down the time you propose."),
)
HOWTO = clause(
    "CS-HOWTO",
    TERMS.lines(36),
    N_(
        "To refund a contact, open it in your list of contacts on the site and choose to manage it."
    ),
)
WINDOW_60BD = clause(
    "CS-WINDOW-60BD",
    TERMS.lines(41),
    N_("A refund may be made until the refund period of the contact ends."),
)
PHASE_NOT_PERMITTED = clause(
    "CS-PHASE-NOT-PERMITTED",
    TERMS.lines(47),
    N_("Not permitted: nothing was paid for the contact, so nothing can come back."),
)
PHASE_MANAGE = clause(
    "CS-PHASE-MANAGE",
    TERMS.lines(49),
    N_("Manage: you may refund the commission, put it off, or say that you did the service."),
)
PHASE_RECTIFY = clause(
    "CS-PHASE-RECTIFY",
    TERMS.lines(51),
    N_("Rectify: after a refund you may always tell us that you did the service after all."),
)
PHASE_PROCESSED = clause(
    "CS-PHASE-PROCESSED",
    TERMS.lines(53),
    N_("Processed: the contact was refunded, or the client chose you and no refund is made."),
)
PHASE_EXPIRED = clause(
    "CS-PHASE-EXPIRED",
    TERMS.lines(55),
    N_("Expired: the refund period has passed, and the contact can be managed no more."),
)

CATALOGUE: Final = (
    NO_BANK,
    COMMISSION_ONLY,
    PRICE,
    NO_CONTACT_NEEDED,
    RETRIES,
    ADVANCE,
    ADVANCE_CONFIRM,
    COMMISSION_VARIABLE,
    NOT_CHOSEN,
    FEE_20,
    MANUAL,
    G1_OTHER_PRO,
    G2_NO_NEED,
    G3_NO_ANSWER,
    G4_PRICE,
    G5_SCHEDULE,
    HOWTO,
    WINDOW_60BD,
    PHASE_NOT_PERMITTED,
    PHASE_MANAGE,
    PHASE_RECTIFY,
    PHASE_PROCESSED,
    PHASE_EXPIRED,
)
