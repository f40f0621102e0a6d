"""Recorded examples of the grounds: approving, refusing, and the commitment."""

from __future__ import annotations

from tests.plugins.xpertsource.examples import (
    Example,
    asking,
    cad,
    call,
    under_contract,
    unreachable,
)
from tests.plugins.xpertsource.recorded.words import (
    APPROVED,
    ASKED,
    COMMITTED,
    REFUSED,
    REVIEW,
    REVIEWED,
    credited,
    dated,
    final,
    wants,
    with_evidence,
)

APP_2, APP_3, APP_4 = "APP-2-WRONG-CONTACT", "APP-3-PROJECT-CHANGED", "APP-4-NOT-TRANSPARENT"
TO_A_PERSON = "DISCRETION EXAMPLES-GUIDE"

PHONE, EMAIL = "evidence.phone_valid", "evidence.email_valid"
DETAILS = tuple(
    Example(
        f"phone {phone}, email {mail}",
        with_evidence("wrong_contact_details", phone_valid=phone, email_valid=mail),
        outcome,
        cites,
        more=more,
    )
    for phone, mail, outcome, cites, more in (
        (False, False, APPROVED, APP_2, credited()),
        (False, True, REVIEW, f"{APP_2} {TO_A_PERSON}", REVIEWED),
        (True, False, REVIEW, f"{APP_2} {TO_A_PERSON}", REVIEWED),
        (True, True, REFUSED, f"NO-AUTO-CREDIT {APP_2}", final()),
        (False, None, ASKED, APP_2, wants(EMAIL)),
        (True, None, ASKED, APP_2, wants(EMAIL)),
        (None, False, ASKED, APP_2, wants(PHONE)),
        (None, None, ASKED, APP_2, wants(PHONE, EMAIL)),
    )
)

CHANGED, PUT_OFF = "project_changed", "project_postponed"
STATUS, INTENT = "evidence.project_status", "evidence.client_openly_attested_intent"
PROJECT = (
    *(
        Example(
            f"{ground}: {status}, intention {intent}",
            with_evidence(ground, project_status=status, client_openly_attested_intent=intent),
            outcome,
            cites,
            more=more,
        )
        for ground, status, intent, outcome, cites, more in (
            (CHANGED, "abandoned", True, APPROVED, APP_3, credited()),
            (CHANGED, "changed", True, APPROVED, APP_3, credited()),
            (CHANGED, "abandoned", False, REVIEW, f"{APP_3} {TO_A_PERSON}", REVIEWED),
            (CHANGED, "unclear", True, REVIEW, f"{APP_3} {TO_A_PERSON}", REVIEWED),
            (CHANGED, "ongoing", True, REFUSED, f"NO-AUTO-CREDIT {APP_3}", final()),
            (CHANGED, "postponed", True, REFUSED, f"REF-2-POSTPONED {APP_3}", final()),
            (CHANGED, "abandoned", None, ASKED, APP_3, wants(INTENT)),
            (CHANGED, None, True, ASKED, APP_3, wants(STATUS)),
            (CHANGED, None, None, ASKED, APP_3, wants(STATUS, INTENT)),
            (PUT_OFF, "postponed", True, REFUSED, "REF-2-POSTPONED", final()),
            (PUT_OFF, None, None, REFUSED, "REF-2-POSTPONED", final(missing=set())),
            (PUT_OFF, "unclear", None, REVIEW, f"{APP_3} {TO_A_PERSON}", REVIEWED),
            (PUT_OFF, "abandoned", True, APPROVED, APP_3, credited()),
        )
    ),
    *(
        Example(
            f"put off by {months} months, {price} paid: figures of examples are no thresholds",
            asking(
                PUT_OFF,
                price=cad(price),
                evidence={"project_status": "postponed", "postponed_months": months},
            ),
            REFUSED,
            "REF-2-POSTPONED EXAMPLES-GUIDE NO-AUTO-CREDIT",
            more=final(),
        )
        for months, price in ((1, "20.00"), (3, "100.01"), (24, "500.00"))
    ),
    Example(
        "a property of another value: 1.2 million is no threshold",
        with_evidence(
            CHANGED,
            project_status="abandoned",
            client_openly_attested_intent=True,
            property_value=cad("300000.00"),
        ),
        APPROVED,
        f"{APP_3} EXAMPLES-GUIDE",
    ),
)

FOUR = ["financial_situation", "credit_history", "down_payment", "family_situation"]
FEW, GOODWILL = "NO-CREDIT-CHECK LEAD-NOT-WIN", "CLIENT-GOODWILL"
OPENLY = "evidence.openly_not_transparent"
ITEMS = "evidence.undisclosed"
IMPOSSIBLE = "evidence.project_impossible"
TRANSPARENCY = tuple(
    Example(
        f"openly {openly}, concealed {items}, impossible {impossible}",
        with_evidence(
            "not_transparent",
            openly_not_transparent=openly,
            undisclosed=items,
            project_impossible=impossible,
        ),
        outcome,
        cites,
        cites_not=cites_not,
        more=more,
    )
    for openly, items, impossible, outcome, cites, cites_not, more in (
        (True, FOUR, True, APPROVED, APP_4, "", credited()),
        (True, FOUR[:1], True, APPROVED, APP_4, "", credited()),
        (True, FOUR[3:], False, REVIEW, f"{APP_4} {TO_A_PERSON}", "", REVIEWED),
        (True, [], True, REFUSED, f"{FEW} {APP_4}", GOODWILL, final()),
        (False, [], True, REFUSED, f"{FEW} {APP_4} QUALIFICATION", GOODWILL, final()),
        (False, FOUR[:1], True, REFUSED, f"NO-CREDIT-CHECK {GOODWILL} {APP_4}", "", final()),
        (None, FOUR, True, ASKED, APP_4, "", wants(OPENLY)),
        (True, None, True, ASKED, APP_4, "", wants(ITEMS)),
        (True, FOUR, None, ASKED, APP_4, "", wants(IMPOSSIBLE)),
        (None, None, None, ASKED, APP_4, "", wants(OPENLY, ITEMS, IMPOSSIBLE)),
        (False, None, None, REFUSED, FEW, "", final(missing=set())),
    )
)

REFUSALS = (
    Example(
        "met the client, no sale",
        with_evidence("no_sale", client_met=True),
        REFUSED,
        "REF-1-MET LEAD-NOT-WIN NO-AUTO-CREDIT EXAMPLES-GUIDE",
        more=final(decision_mode="recommendation", deadlines={"answer_due 2025-03-19"}),
    ),
    Example(
        "reached the client, no sale",
        asking("no_sale", attempts=[call("2025-03-03 11:00", answered=True)]),
        REFUSED,
        "REF-1-MET LEAD-NOT-WIN",
        more=final(),
    ),
    Example(
        "no sale, and nothing else",
        with_evidence("no_sale"),
        REFUSED,
        "NO-AUTO-CREDIT LEAD-NOT-WIN QUALIFICATION",
        cites_not="REF-1-MET",
        more=final(),
    ),
    *(
        Example(
            f"{others} other professionals received the lead",
            with_evidence("lead_shared", other_professionals_contacted=others),
            REFUSED,
            "REF-4-SHARED NO-AUTO-CREDIT",
            more=final(),
        )
        for others in (None, 1, 2, 9)
    ),
    Example(
        "the client’s credit was not checked",
        with_evidence("lead_not_credit_checked"),
        REFUSED,
        "NO-CREDIT-CHECK LEAD-NOT-WIN",
        cites_not="EXAMPLES-GUIDE CLIENT-GOODWILL",
        more=final(),
    ),
    Example(
        "one ground is claimed, another is true on record",
        with_evidence("lead_shared", phone_valid=False, email_valid=False),
        APPROVED,
        "APP-2-WRONG-CONTACT",
        cites_not="REF-4-SHARED",
        more=credited(),
    ),
    Example(
        "what is only half known of another ground is not asked for",
        with_evidence("lead_shared", phone_valid=False),
        REFUSED,
        "REF-4-SHARED",
        cites_not="APP-2-WRONG-CONTACT",
        more=final(missing=set()),
    ),
    Example(
        "of ten leads none was won: the rate is no ground",
        {**with_evidence("no_sale"), "stats": {"leads_purchased": 10, "leads_converted": 0}},
        REFUSED,
        "NO-AUTO-CREDIT CONVERSION-1IN5",
        more=final(),
    ),
    Example(
        "of ten leads ten were won: the rate is no obstacle",
        {**unreachable(), "stats": {"leads_purchased": 10, "leads_converted": 10}},
        APPROVED,
        "APP-1-UNREACHABLE CONVERSION-1IN5",
        more=credited(),
    ),
)

CONTRACT, SIGNED = "ALREADY-CONTRACT", "evidence.other_contract_signed_on"
COMMITMENT = (
    *(
        Example(f"signed with another {title}", under_contract(day), outcome, cites, more=more)
        for day, title, outcome, cites, more in (
            ("2025-02-20", "before the purchase", APPROVED, f"{CONTRACT} CREDIT-AMOUNT", COMMITTED),
            ("2025-03-03", "on its day", APPROVED, CONTRACT, COMMITTED),
            (
                "2025-03-04",
                "the day after",
                REVIEW,
                f"{CONTRACT} REF-4-SHARED DISCRETION",
                REVIEWED,
            ),
            ("2025-03-12", "on the day of the request", REVIEW, f"{CONTRACT} DISCRETION", REVIEWED),
            (None, "nobody knows when", ASKED, CONTRACT, wants(SIGNED)),
        )
    ),
    *(
        Example(
            f"the commitment outranks {ground}",
            with_evidence(ground, other_contract_signed_on="2025-02-20", client_met=True),
            APPROVED,
            "ALREADY-CONTRACT",
            cites_not="REF-4-SHARED REF-1-MET REF-2-POSTPONED CONTACT-CALLS",
            more=COMMITTED,
        )
        for ground in ("lead_shared", "no_sale", "project_postponed", "unreachable")
    ),
    Example(
        "the commitment outranks neither the window",
        dated("2025-01-10 10:00", "2025-03-12 09:00"),
        REFUSED,
        "WINDOW-MONTH",
        cites_not="ALREADY-CONTRACT",
        more=final(state="out_of_time"),
    ),
    Example(
        "a contract signed later helps no other ground",
        with_evidence("no_sale", other_contract_signed_on="2025-03-05"),
        REFUSED,
        "NO-AUTO-CREDIT",
        cites_not="ALREADY-CONTRACT",
        more=final(),
    ),
)

GOOD_FAITH = (
    Example(
        "a doubt leads to a person, never to a refusal",
        unreachable(evidence={"integrity_flag": "The log is that of another file."}),
        REVIEW,
        "GOOD-FAITH DISCRETION",
        more=REVIEWED,
    ),
    Example(
        "a doubt leads to a person where the merits would refuse",
        with_evidence("lead_shared", integrity_flag="The log is that of another file."),
        REVIEW,
        "GOOD-FAITH DISCRETION",
        cites_not="REF-4-SHARED",
        more=REVIEWED,
    ),
    Example(
        "a doubt holds the commitment up",
        asking(
            "already_under_contract",
            evidence={"other_contract_signed_on": "2025-02-20", "integrity_flag": "?"},
        ),
        REVIEW,
        "GOOD-FAITH DISCRETION",
        more=REVIEWED,
    ),
    Example(
        "a doubt that was withdrawn is none",
        unreachable(evidence={"integrity_flag": " "}),
        APPROVED,
        "APP-1-UNREACHABLE",
        cites_not="GOOD-FAITH",
    ),
    Example(
        "what is stated without evidence is believed",
        with_evidence(
            "wrong_contact_details", phone_valid=False, email_valid=False, evidence_attached=False
        ),
        APPROVED,
        "APP-2-WRONG-CONTACT GOOD-FAITH",
        more=credited(),
    ),
)
