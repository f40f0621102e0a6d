"""Every clause on the contacts of prescribers, once: id, citation, our own words."""

from __future__ import annotations

from typing import Final

from avoir.clauses import Document, clause
from avoir.messages import N_

TERMS: Final = Document(
    id="003",
    title="Pourquoi est-ce si important de bien rattacher ses contacts prescripteurs ?",
    language="fr",
    place="FR",
)

KPI_G = clause(
    "PR-KPI-G",
    TERMS.lines(2),
    N_("The figure that counts is how many of the files from prescribers are transformed."),
)
PARTNER_KINDS = clause(
    "PR-PARTNER-KINDS",
    TERMS.lines(2),
    N_(
        "There are two kinds of prescribers: those paid a fee, and those who have the PTZ CSF ACCESSION instead of one."
    ),
)
LASTING = clause(
    "PR-LASTING",
    TERMS.lines(3),
    N_("Each contact that is attached helps a partnership to last."),
)
ALWAYS_ATTACH = clause(
    "PR-ALWAYS-ATTACH",
    TERMS.lines(5),
    N_(
        "Whoever sends a contact has it attached to his name: no reason of business stands in the way."
    ),
)
ATTACH_ON_RECEIPT = clause(
    "PR-ATTACH-ON-RECEIPT",
    TERMS.lines(6),
    N_("A contact is attached on the day it comes in; nobody needs to have met it."),
)
ATTACH_CLOSED = clause(
    "PR-ATTACH-CLOSED",
    TERMS.lines(7),
    N_("A contact stays attached, and can be attached, where nothing more comes of its file."),
)
ATTACH_NO_CONVENTION = clause(
    "PR-ATTACH-NO-CONVENTION",
    TERMS.lines(8),
    N_("The contacts of a prescriber who has signed nothing are attached too."),
)
ATTACH_PTZ = clause(
    "PR-ATTACH-PTZ",
    TERMS.lines(9),
    N_("The contacts of a prescriber who has the PTZ CSF ACCESSION are attached too."),
)
PRIOR_KNOWN = clause(
    "PR-PRIOR-KNOWN",
    TERMS.lines(13),
    N_(
        "A contact whom the broker knew before, and through no prescriber, earns its prescriber nothing."
    ),
)
FIRST_WINS = clause(
    "PR-FIRST-WINS",
    TERMS.lines(14, 15, 16),
    N_(
        "The prescriber attached first keeps the contact; one who sends it later is not paid, even where the first earns nothing."
    ),
)
INFORM_UPFRONT = clause(
    "PR-INFORM-UPFRONT",
    TERMS.lines(13, 16),
    N_("A prescriber who will not be paid for a contact is told so when it is attached."),
)
MEASURE = clause(
    "PR-MEASURE",
    TERMS.lines(19),
    N_("What a prescriber’s contacts bring can be measured on attached contacts only."),
)
CONVENTION = clause(
    "PR-CONVENTION",
    TERMS.lines(21),
    N_("A prescriber who has signed a paying convention may be paid its fee for a contact."),
)
ONE_YEAR = clause(
    "PR-ONE-YEAR",
    TERMS.lines(21),
    N_(
        "A transformation pays only within the year that follows the attachment, its anniversary included."
    ),
)
CRM_DATE = clause(
    "PR-CRM-DATE",
    TERMS.lines(21),
    N_("The date of attachment decides. The system sets it, and nobody moves it."),
)

CATALOGUE: Final = (
    KPI_G,
    PARTNER_KINDS,
    LASTING,
    ALWAYS_ATTACH,
    ATTACH_ON_RECEIPT,
    ATTACH_CLOSED,
    ATTACH_NO_CONVENTION,
    ATTACH_PTZ,
    PRIOR_KNOWN,
    FIRST_WINS,
    INFORM_UPFRONT,
    MEASURE,
    CONVENTION,
    ONE_YEAR,
    CRM_DATE,
)
