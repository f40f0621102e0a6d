"""Every clause of conXpros's lead credit policy, once: id, citation, our own words."""

from __future__ import annotations

from typing import Final

from avoir.clauses import Document, clause
from avoir.messages import N_

TERMS: Final = Document(id="002", title="conXpros: lead credit policy", language="en", place="US")

WINDOW_5D = clause(
    "CX-WINDOW-5D",
    TERMS.lines(5),
    N_(
        "To qualify for credit, you must ask for it within the reporting period that runs from the delivery of the lead."
    ),
)
GENUINE = clause(
    "CX-GENUINE",
    TERMS.lines(7),
    N_(
        "The policy is read in light of its aim, which is that you are charged for real prospects only; this aim alone never decides a request."
    ),
)
CHANNELS = clause(
    "CX-CHANNELS",
    TERMS.lines(7),
    N_(
        "You may file a request in your dashboard or through your account manager; there is no other channel."
    ),
)
ACK_EMAIL = clause(
    "CX-ACK-EMAIL",
    TERMS.lines(7),
    N_("Every request you file is acknowledged by email, whatever its outcome."),
)
DECISION_EMAIL = clause(
    "CX-DECISION-EMAIL",
    TERMS.lines(7),
    N_(
        "A second email brings you the decision; if it is a denial, it gives every reason and the clause behind each."
    ),
)
CREDIT_BALANCE = clause(
    "CX-CREDIT-BALANCE",
    TERMS.lines(7),
    N_(
        "When a request is approved, your account balance is credited with what the lead cost, unless only a price difference is due."
    ),
)
DECISION_3BD = clause(
    "CX-DECISION-3BD",
    TERMS.lines(7),
    N_(
        "The aim is to decide within the target number of business days after you file; a delay neither grants nor denies the credit."
    ),
)
CRED_WRONG_CONTACT = clause(
    "CX-CRED-WRONG-CONTACT",
    TERMS.lines(11),
    N_(
        "Credit is due when the contact details lead to someone other than the person named on the lead, that person's spouse or a co-owner."
    ),
)
CRED_BAD_PHONE = clause(
    "CX-CRED-BAD-PHONE",
    TERMS.lines(12),
    N_("Credit is due when the phone on the lead is out of service."),
)
CRED_WRONG_CATEGORY = clause(
    "CX-CRED-WRONG-CATEGORY",
    TERMS.lines(13),
    N_(
        "Credit is due when the actual project falls outside the category that your filters matched and the task does not suit that category."
    ),
)
PARTIAL_DIFF = clause(
    "CX-PARTIAL-DIFF",
    TERMS.lines(13),
    N_(
        "If you may receive leads in the right category, the credit is limited to the amount by which the price you paid exceeds the price in that category."
    ),
)
CRED_WRONG_LOCATION = clause(
    "CX-CRED-WRONG-LOCATION",
    TERMS.lines(14),
    N_(
        "Credit is due when the job site has another ZIP code than the one given and also lies outside the area you target."
    ),
)
CRED_DUPLICATE = clause(
    "CX-CRED-DUPLICATE",
    TERMS.lines(15),
    N_(
        "Credit is due when conXpros already sent you this lead in the same task category during the look-back period."
    ),
)
CRED_TESTING = clause(
    "CX-CRED-TESTING",
    TERMS.lines(16),
    N_(
        "Credit is due when the lead comes from a renovation firm trying out the system or from somebody who wants to sell you something."
    ),
)
CRED_JOB_SEEKER = clause(
    "CX-CRED-JOB-SEEKER",
    TERMS.lines(17),
    N_("Credit is due when the person behind the lead wanted a job, not a contractor."),
)
CRED_NOT_AUTHORIZED = clause(
    "CX-CRED-NOT-AUTHORIZED",
    TERMS.lines(18),
    N_(
        "Credit is due when the project needs the owner's consent and the requester cannot engage you, being a minor or not the owner."
    ),
)
CRED_ALREADY_HIRED = clause(
    "CX-CRED-ALREADY-HIRED",
    TERMS.lines(19),
    N_(
        "Credit is due when the homeowner tells you in conversation that a contractor had been engaged, or the job finished, strictly before the lead reached you."
    ),
)
CRED_NO_REQUEST = clause(
    "CX-CRED-NO-REQUEST",
    TERMS.lines(20),
    N_(
        "Credit is due when the homeowner tells you in conversation that no quote was ever asked for."
    ),
)
CRED_MISLEADING_AD = clause(
    "CX-CRED-MISLEADING-AD",
    TERMS.lines(21),
    N_(
        "Credit is due when the homeowner tells you in conversation that a deceptive promotion, such as a supposedly free service, a prize draw or a reward, prompted the request."
    ),
)
CRED_DNC = clause(
    "CX-CRED-DNC",
    TERMS.lines(22),
    N_(
        "Credit is due when the person asks, the very first time you make contact, not to be called any more; the same wish voiced later does not count."
    ),
)
CRED_NON_CONTACT = clause(
    "CX-CRED-NON-CONTACT",
    TERMS.lines(23),
    N_(
        "Failure to make contact earns credit only if you called within the time allowed after delivery, once more that day and on each of the two follow-up days, and wrote at least one email or text message."
    ),
)
NONCONTACT_VERIFIED = clause(
    "CX-NONCONTACT-VERIFIED",
    TERMS.lines(23),
    N_(
        "If the verification team did reach the person, by phone or in writing, your own lack of contact earns no credit; other grounds are not affected."
    ),
)
PRO_CONTACT_INFO = clause(
    "CX-PRO-CONTACT-INFO",
    TERMS.lines(27),
    N_(
        "When verification shows that the contact details are wrong or invalid, the lead is credited without your having to ask."
    ),
)
PRO_BAD_PHONE = clause(
    "CX-PRO-BAD-PHONE",
    TERMS.lines(28),
    N_(
        "When verification shows that the phone is out of service, the lead is credited without your having to ask."
    ),
)
PRO_NO_REQUEST = clause(
    "CX-PRO-NO-REQUEST",
    TERMS.lines(29),
    N_(
        "When the person tells the verification team that the request is not theirs, the lead is credited without your having to ask."
    ),
)
PRO_JOB_SEEKER = clause(
    "CX-PRO-JOB-SEEKER",
    TERMS.lines(30),
    N_(
        "When verification shows that the person wants a job, the lead is credited without your having to ask."
    ),
)
PRO_DUPLICATE = clause(
    "CX-PRO-DUPLICATE",
    TERMS.lines(31),
    N_(
        "When verification shows that conXpros already sent you the lead during the look-back period, it is credited without your having to ask."
    ),
)
PRO_TESTING = clause(
    "CX-PRO-TESTING",
    TERMS.lines(32),
    N_(
        "When verification shows that the lead is a trial of the system or a sales pitch, it is credited without your having to ask."
    ),
)
PRO_NOTIFY = clause(
    "CX-PRO-NOTIFY",
    TERMS.lines(33),
    N_(
        "When verification credits a lead before you report it, an email and your dashboard tell you so; asking later brings no second credit."
    ),
)
NE_LOST = clause(
    "CX-NE-LOST",
    TERMS.lines(37),
    N_(
        "No credit is given because the contract went to a competitor or otherwise slipped away from you."
    ),
)
NE_CHANGED_MIND = clause(
    "CX-NE-CHANGED-MIND",
    TERMS.lines(38),
    N_(
        "No credit is given when the request was sound and the homeowner had second thoughts afterwards."
    ),
)
NE_SHOPPING = clause(
    "CX-NE-SHOPPING",
    TERMS.lines(39),
    N_("No credit is given because the homeowner is merely comparing offers."),
)
NE_AFFORDABILITY = clause(
    "CX-NE-AFFORDABILITY",
    TERMS.lines(40),
    N_(
        "No credit is given because the homeowner finds the work too expensive or cannot obtain a loan."
    ),
)
NE_LANGUAGE = clause(
    "CX-NE-LANGUAGE",
    TERMS.lines(41),
    N_("No credit is given because you and the homeowner lack a common language."),
)
NE_OTHER_LEADGEN = clause(
    "CX-NE-OTHER-LEADGEN",
    TERMS.lines(42),
    N_(
        "No credit is given because another provider sent you the same lead, earlier or later; that does not make it a duplicate."
    ),
)
NE_IN_CRM = clause(
    "CX-NE-IN-CRM",
    TERMS.lines(43),
    N_(
        "No credit is given because your own customer records contained the homeowner when the lead arrived."
    ),
)
NE_NOT_READY = clause(
    "CX-NE-NOT-READY",
    TERMS.lines(44),
    N_("No credit is given because a genuine project will begin only later."),
)
DEN_LATE = clause(
    "CX-DEN-LATE",
    TERMS.lines(48),
    N_(
        "A request filed once the reporting period is over is declined, and its merits are not examined."
    ),
)
DEN_EARLY_NONCONTACT = clause(
    "CX-DEN-EARLY-NONCONTACT",
    TERMS.lines(49),
    N_(
        "A non-contact request is declined if you file it before the minimum series of attempts could be finished; you may file again while the reporting period is open."
    ),
)
DEN_TASK_APPROPRIATE = clause(
    "CX-DEN-TASK-APPROPRIATE",
    TERMS.lines(50),
    N_(
        "The request is declined when the task belongs in the category of the lead, whether or not you do that particular work or serve that kind of building."
    ),
)
DEN_ADDRESS_ONLY = clause(
    "CX-DEN-ADDRESS-ONLY",
    TERMS.lines(51),
    N_(
        "The request is declined when it relies on nothing but a wrong or invalid street address, since homeowners need not give an exact one."
    ),
)
DEN_NO_NOTES = clause(
    "CX-DEN-NO-NOTES",
    TERMS.lines(52),
    N_("The request is declined when your notes are empty or do not show why you ask for credit."),
)
DEN_REASON_MISMATCH = clause(
    "CX-DEN-REASON-MISMATCH",
    TERMS.lines(53),
    N_(
        "The request is declined when what you describe fits none of the situations that earn credit."
    ),
)
DEN_CONTRADICTED = clause(
    "CX-DEN-CONTRADICTED",
    TERMS.lines(54),
    N_(
        "The request is declined when what the homeowner told the verification team does not agree with your stated reason."
    ),
)
REVERSAL = clause(
    "CX-REVERSAL",
    TERMS.lines(55),
    N_(
        "If what the homeowner says later undermines a credit already granted, a person may decide to take it back, and you are informed."
    ),
)
REVIEW = clause(
    "CX-REVIEW",
    TERMS.lines(57),
    N_(
        "If your request is denied, you may have it looked at again by turning to your account manager."
    ),
)
FINAL = clause(
    "CX-FINAL",
    TERMS.lines(57),
    N_(
        "The outcome of a review, whether credit or denial, is definitive; no second review is possible."
    ),
)

CATALOGUE: Final = (
    WINDOW_5D,
    GENUINE,
    CHANNELS,
    ACK_EMAIL,
    DECISION_EMAIL,
    CREDIT_BALANCE,
    DECISION_3BD,
    CRED_WRONG_CONTACT,
    CRED_BAD_PHONE,
    CRED_WRONG_CATEGORY,
    PARTIAL_DIFF,
    CRED_WRONG_LOCATION,
    CRED_DUPLICATE,
    CRED_TESTING,
    CRED_JOB_SEEKER,
    CRED_NOT_AUTHORIZED,
    CRED_ALREADY_HIRED,
    CRED_NO_REQUEST,
    CRED_MISLEADING_AD,
    CRED_DNC,
    CRED_NON_CONTACT,
    NONCONTACT_VERIFIED,
    PRO_CONTACT_INFO,
    PRO_BAD_PHONE,
    PRO_NO_REQUEST,
    PRO_JOB_SEEKER,
    PRO_DUPLICATE,
    PRO_TESTING,
    PRO_NOTIFY,
    NE_LOST,
    NE_CHANGED_MIND,
    NE_SHOPPING,
    NE_AFFORDABILITY,
    NE_LANGUAGE,
    NE_OTHER_LEADGEN,
    NE_IN_CRM,
    NE_NOT_READY,
    DEN_LATE,
    DEN_EARLY_NONCONTACT,
    DEN_TASK_APPROPRIATE,
    DEN_ADDRESS_ONLY,
    DEN_NO_NOTES,
    DEN_REASON_MISMATCH,
    DEN_CONTRADICTED,
    REVERSAL,
    REVIEW,
    FINAL,
)
