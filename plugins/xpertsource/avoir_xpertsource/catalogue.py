"""Every clause of XpertSource's lead credit conditions, once: id, citation, our own words."""

from __future__ import annotations

from typing import Final

from avoir.clauses import Document, clause
from avoir.messages import N_

TERMS: Final = Document(
    id="000",
    title="XpertSource.com: conditions générales liées aux demandes de crédit",
    language="fr",
    place="CA-QC",
)

CREDIT_NOT_REFUND = clause(
    "XS-CREDIT-NOT-REFUND",
    TERMS.lines(7),
    N_(
        "XpertSource compensates only with credit on your account; nothing is ever paid out to a bank account or a card."
    ),
)
GOOD_FAITH = clause(
    "XS-GOOD-FAITH",
    TERMS.lines(8),
    N_(
        "What you state and attach is presumed sincere; if a doubt arises, a person examines the file, and no refusal follows automatically."
    ),
)
LEAD_NOT_WIN = clause(
    "XS-LEAD-NOT-WIN",
    TERMS.lines(8),
    N_(
        "Buying a lead gives you an opportunity, not a guaranteed contract, so losing the client does not justify a credit."
    ),
)
CONVERSION_1IN5 = clause(
    "XS-CONVERSION-1IN5",
    TERMS.lines(9),
    N_(
        "The average share of leads that produce revenue is only a benchmark; your own rate counts neither for nor against a request."
    ),
)
NO_AUTO_CREDIT = clause(
    "XS-NO-AUTO-CREDIT",
    TERMS.lines(9),
    N_(
        "The absence of a sale does not by itself entitle you to a credit: a recognized ground is needed."
    ),
)
DISCRETION = clause(
    "XS-DISCRETION",
    TERMS.lines(9),
    N_(
        "Each request is weighed on its own circumstances, and a reviewer's reasoned ruling prevails over the automatic recommendation."
    ),
)
QUALIFICATION = clause(
    "XS-QUALIFICATION",
    TERMS.lines(10),
    N_(
        "Projects are screened with a uniform set of questions on how serious and financially viable they are; finding a lead poorly qualified is not in itself a ground."
    ),
)
NO_CREDIT_CHECK = clause(
    "XS-NO-CREDIT-CHECK",
    TERMS.lines(10),
    N_(
        "A client's credit file is not checked before the lead is sold, so a lender's refusal gives no right to a credit when the client concealed nothing."
    ),
)
CLIENT_GOODWILL = clause(
    "XS-CLIENT-GOODWILL",
    TERMS.lines(10),
    N_(
        "The questionnaire relies on answers that clients give voluntarily and honestly; an inaccurate answer alone is not enough for a credit."
    ),
)
STEPS_BEFORE = clause(
    "XS-STEPS-BEFORE",
    TERMS.lines(11),
    N_(
        "The waiting period and the contact attempts that your ground calls for must be completed by the time you submit the request; later attempts do not count for it."
    ),
)
DELAY_MIN = clause(
    "XS-DELAY-MIN",
    TERMS.lines(12),
    N_(
        "A request may be submitted only once the minimum waiting period since the purchase of the lead has passed."
    ),
)
FORM = clause(
    "XS-FORM",
    TERMS.lines(12, 35),
    N_(
        "Only the form in your professional portal opens a request; a message sent through any other channel does not count as one."
    ),
)
CONTACT_CALLS = clause(
    "XS-CONTACT-CALLS",
    TERMS.lines(14),
    N_(
        "You must have phoned the client at least the required number of times and, within those same calls, left at least the required number of voicemail messages."
    ),
)
CONTACT_EMAILS = clause(
    "XS-CONTACT-EMAILS",
    TERMS.lines(15),
    N_(
        "You must have sent the client at least the required number of emails and, where proof is required, attached it to the request for each one."
    ),
)
WINDOW_MONTH = clause(
    "XS-WINDOW-MONTH",
    TERMS.lines(17),
    N_(
        "A request is examined only while the request period tied to the purchase of the lead is open; once it has closed, the merits are no longer considered."
    ),
)
EXAMPLES_GUIDE = clause(
    "XS-EXAMPLES-GUIDE",
    TERMS.lines(19),
    N_(
        "The published examples show what may weigh for or against a credit; they are not rules, and the figures in them are not thresholds."
    ),
)
REF_1_MET = clause(
    "XS-REF-1-MET",
    TERMS.lines(23),
    N_(
        "If you reached or met the client and no sale followed, the recommendation is, as a rule, to refuse the credit."
    ),
)
REF_2_POSTPONED = clause(
    "XS-REF-2-POSTPONED",
    TERMS.lines(24),
    N_(
        "A project that the client puts off, for however long, does not justify a credit: follow up with the client when the time comes."
    ),
)
REF_3_TOO_SOON = clause(
    "XS-REF-3-TOO-SOON",
    TERMS.lines(25),
    N_(
        "A request made too early, after too few attempts to reach the client, is refused for now; you may submit it again once the steps are complete and while requests are still accepted."
    ),
)
REF_4_SHARED = clause(
    "XS-REF-4-SHARED",
    TERMS.lines(26),
    N_(
        "Offering the same lead to several professionals is part of the service, so competition for the client does not justify a credit."
    ),
)
APP_1_UNREACHABLE = clause(
    "XS-APP-1-UNREACHABLE",
    TERMS.lines(30),
    N_(
        "A client who never responds to repeated attempts, made at hours that suit the client, may justify a credit; the account manager's confirmation may be required, and may make up for certain missing steps."
    ),
)
APP_2_WRONG_CONTACT = clause(
    "XS-APP-2-WRONG-CONTACT",
    TERMS.lines(31),
    N_(
        "When both the phone number and the email address supplied by the client are wrong, a credit may be recommended; if only one is, a person decides."
    ),
)
APP_3_PROJECT_CHANGED = clause(
    "XS-APP-3-PROJECT-CHANGED",
    TERMS.lines(32),
    N_(
        "A credit may be recommended when the client had clearly declared an intention to go ahead and then dropped or fundamentally changed the project."
    ),
)
APP_4_NOT_TRANSPARENT = clause(
    "XS-APP-4-NOT-TRANSPARENT",
    TERMS.lines(33),
    N_(
        "A credit may be recommended when the client plainly concealed enough of the following: finances, credit history, down payment, family situation; and the project cannot go ahead as a result."
    ),
)
ALREADY_CONTRACT = clause(
    "XS-ALREADY-CONTRACT",
    TERMS.lines(34),
    N_(
        "If another professional already had a contract with the client, the credit is owed to you as a firm commitment, provided that the request is admissible."
    ),
)
CREDIT_AMOUNT = clause(
    "XS-CREDIT-AMOUNT",
    TERMS.lines(34),
    N_(
        "The credit equals the whole price you paid for the lead; it is granted only once and never in part."
    ),
)
RESPONSE_5BD = clause(
    "XS-RESPONSE-5BD",
    TERMS.lines(35),
    N_(
        "XpertSource has the set number of business days, counted from your form, to give you an answer."
    ),
)
ESCALATE_MANAGER = clause(
    "XS-ESCALATE-MANAGER",
    TERMS.lines(35),
    N_(
        "If the response period ends without an answer, you may turn to your account manager, listed in your portal; silence is neither approval nor refusal."
    ),
)

CATALOGUE: Final = (
    CREDIT_NOT_REFUND,
    GOOD_FAITH,
    LEAD_NOT_WIN,
    CONVERSION_1IN5,
    NO_AUTO_CREDIT,
    DISCRETION,
    QUALIFICATION,
    NO_CREDIT_CHECK,
    CLIENT_GOODWILL,
    STEPS_BEFORE,
    DELAY_MIN,
    FORM,
    CONTACT_CALLS,
    CONTACT_EMAILS,
    WINDOW_MONTH,
    EXAMPLES_GUIDE,
    REF_1_MET,
    REF_2_POSTPONED,
    REF_3_TOO_SOON,
    REF_4_SHARED,
    APP_1_UNREACHABLE,
    APP_2_WRONG_CONTACT,
    APP_3_PROJECT_CHANGED,
    APP_4_NOT_TRANSPARENT,
    ALREADY_CONTRACT,
    CREDIT_AMOUNT,
    RESPONSE_5BD,
    ESCALATE_MANAGER,
)
