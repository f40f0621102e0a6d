"""Every clause of the broker's process for partners, once: id, citation, our own words."""

from __future__ import annotations

from typing import Final

from avoir.clauses import Document, clause
from avoir.messages import N_

TERMS: Final = Document(
    id="004",
    title="Процесс взаимодействия с клиентом",
    language="ru",
    place="RU",
)

DATE = clause(
    "BP-DATE",
    TERMS.lines(1),
    N_("The terms carry the date of their publication; they name no day since which they hold."),
)
FIND = clause(
    "BP-01-FIND",
    TERMS.lines(9),
    N_("Step 1: it is the partner who finds the client, in whatever way suits."),
)
PRESENT = clause(
    "BP-02-PRESENT",
    TERMS.lines(13),
    N_("Step 2: the partner tells the client how the broker helps to obtain a large loan."),
)
DOUBTS = clause(
    "BP-02-DOUBTS",
    TERMS.lines(13),
    N_("Doubts and questions about the service are for the partner to answer, with its guide."),
)
COLLECT = clause(
    "BP-03-COLLECT",
    TERMS.lines(17),
    N_("Step 3: the partner obtains from the client everything on the list of documents."),
)
CRITERIA = clause(
    "BP-04-CRITERIA",
    TERMS.lines(21),
    N_("Step 4: the partner compares the client with what lenders ask of a borrower."),
)
STOPFACTORS = clause(
    "BP-04-STOPFACTORS",
    TERMS.lines(21),
    N_("The partner also looks for stop factors; with any of them the deal goes no further."),
)
THREAD = clause(
    "BP-05-THREAD",
    TERMS.lines(25),
    N_("Step 5: a client who passed the preliminary analysis gets a thread in the work group."),
)
UPLOAD = clause(
    "BP-05-UPLOAD",
    TERMS.lines(27),
    N_("All that was collected is uploaded to the thread; the team begins once it is all there."),
)
TWO_DAYS = clause(
    "BP-06-2BD",
    TERMS.lines(31),
    N_("Step 6: the team analyses the deal within the target number of business days."),
)
EXTRA_DOCS = clause(
    "BP-06-EXTRA-DOCS",
    TERMS.lines(31),
    N_("The team may ask for further documents during its analysis."),
)
FORK = clause(
    "BP-06-FORK",
    TERMS.lines(33),
    N_("The analysis ends with a range, from one sum to another, that the client may count on."),
)
FROM = clause(
    "BP-06-FROM",
    TERMS.lines(35),
    N_("The lower end of the range is the least that the client is sure to be lent."),
)
TO = clause(
    "BP-06-TO",
    TERMS.lines(37),
    N_("The upper end of the range is the most that can be lent; nothing is lent above it."),
)
AGREE = clause(
    "BP-06-AGREE",
    TERMS.lines(39),
    N_("If the lower end is not what was asked for, the partner agrees it with the client."),
)
AGREEMENT = clause(
    "BP-07-AGREEMENT",
    TERMS.lines(43),
    N_("Step 7: the partner goes through the range with the client, who agrees to it or not."),
)
OBJECTIONS = clause(
    "BP-07-OBJECTIONS",
    TERMS.lines(43),
    N_("What a client objects to in the range is answered with a guide of its own."),
)
DATA = clause(
    "BP-08-DATA",
    TERMS.lines(47),
    N_("Step 8: the contract needs the client’s legal details, email address and phone number."),
)
EDO = clause(
    "BP-08-EDO",
    TERMS.lines(47),
    N_("The partner finds out whether the client exchanges documents electronically."),
)
CONTRACT = clause(
    "BP-09-CONTRACT",
    TERMS.lines(51),
    N_("Step 9: the team writes the contract and sends it by electronic exchange or by email."),
)
NOTIFY_TO_SIGN = clause(
    "BP-09-NOTIFY",
    TERMS.lines(53),
    N_("The partner lets the client know that there is a contract to sign."),
)
NO_EDO = clause(
    "BP-09-NO-EDO",
    TERMS.lines(55),
    N_("Without electronic exchange, a contract is signed on paper and its scan emailed back."),
)
ACTIONS = clause(
    "BP-10-ACTIONS",
    TERMS.lines(59),
    N_("Step 10: the team tells the client what is to be done, such as opening an account."),
)
UNTIL_APPROVAL = clause(
    "BP-10-UNTIL-APPROVAL",
    TERMS.lines(61),
    N_("The team stays at the client’s side until a lender approves the loan."),
)
NOTIFY_OF_END = clause(
    "BP-11-NOTIFY",
    TERMS.lines(65),
    N_("Step 11: once the loan was received, not only approved, the partner hears of the end."),
)
ACT = clause(
    "BP-11-ACT",
    TERMS.lines(67),
    N_("The work is set down in an act of completion."),
)
INVOICE = clause(
    "BP-11-INVOICE",
    TERMS.lines(67),
    N_("The client is invoiced for the broker’s commission."),
)
CONDITIONS = clause(
    "BP-12-CONDITIONS",
    TERMS.lines(71),
    N_("Step 12 needs both the client’s commission paid in full and the signed act handed in."),
)
COMMISSION = clause(
    "BP-COMMISSION",
    TERMS.lines(71),
    N_("The partner is due the agreed share of the loan, once for each deal."),
)
SUPPORT = clause(
    "BP-SUPPORT",
    TERMS.lines(76),
    N_("The team takes questions of every kind at @help_broker."),
)

CATALOGUE: Final = (
    DATE,
    FIND,
    PRESENT,
    DOUBTS,
    COLLECT,
    CRITERIA,
    STOPFACTORS,
    THREAD,
    UPLOAD,
    TWO_DAYS,
    EXTRA_DOCS,
    FORK,
    FROM,
    TO,
    AGREE,
    AGREEMENT,
    OBJECTIONS,
    DATA,
    EDO,
    CONTRACT,
    NOTIFY_TO_SIGN,
    NO_EDO,
    ACTIONS,
    UNTIL_APPROVAL,
    NOTIFY_OF_END,
    ACT,
    INVOICE,
    CONDITIONS,
    COMMISSION,
    SUPPORT,
)
