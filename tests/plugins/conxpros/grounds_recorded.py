"""Recorded examples of grounds: each in both directions, and the boundaries between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.plugins.conxpros.contact_recorded import CONTACT, EARLY, evening
from tests.plugins.conxpros.examples import (
    Document,
    Example,
    asking,
    at,
    before,
    dead,
    gutters,
    steps,
    usd,
)
from tests.plugins.conxpros.expected import (
    AIM,
    APPROVED,
    ASKED,
    FAILS,
    INVALID,
    PARTLY,
    PERSON,
    REFUSED,
    credited,
    denied,
    fails,
    faulty,
    holds,
    lacks,
    to_a_person,
    wants,
)

CONTACT_DETAILS = (
    holds(
        "somebody else answers",
        "CRED-WRONG-CONTACT",
        asking("incorrect_contact", person_reached="unrelated"),
    ),
    *(
        fails(
            f"the {person} answers",
            "CRED-WRONG-CONTACT",
            asking("incorrect_contact", person_reached=person),
        )
        for person in ("individual", "co_owner", "spouse")
    ),
    lacks(
        "who answered is unknown",
        "CRED-WRONG-CONTACT",
        asking("incorrect_contact"),
        "findings.person_reached",
    ),
    fails("the phone works", "CRED-BAD-PHONE", asking("non_working_phone", phone_working=True)),
    lacks(
        "whether the phone works is unknown",
        "CRED-BAD-PHONE",
        asking("non_working_phone"),
        "findings.phone_working",
    ),
)

CATEGORY = (
    holds(
        "another category, and he gets no leads in it",
        "CRED-WRONG-CATEGORY",
        gutters(professional_eligible_for_actual_category=False, actual_category_cost=None),
    ),
    Example(
        "another category that he gets leads in: the difference",
        gutters(),
        PARTLY,
        "CRED-WRONG-CATEGORY PARTIAL-DIFF DECISION-EMAIL",
        cites_not="CREDIT-BALANCE DEN-TASK-APPROPRIATE",
        more=credited("15.00", "partially_credited"),
    ),
    Example(
        "one cent of difference",
        gutters(actual_category_cost=usd("44.99")),
        PARTLY,
        "CRED-WRONG-CATEGORY PARTIAL-DIFF",
        more=credited("0.01", "partially_credited"),
    ),
    *(
        Example(
            f"a right category at {price}: a credit of zero, and never a charge",
            gutters(actual_category_cost=usd(price)),
            PARTLY,
            "CRED-WRONG-CATEGORY PARTIAL-DIFF",
            more=credited("0.00", "partially_credited", postings=[]),
        )
        for price in ("45.00", "60.00")
    ),
    lacks(
        "the price of the right category is unknown",
        "CRED-WRONG-CATEGORY PARTIAL-DIFF",
        gutters(actual_category_cost=None),
        "findings.actual_category_cost",
    ),
    lacks(
        "whether he gets leads in it is unknown",
        "CRED-WRONG-CATEGORY PARTIAL-DIFF",
        gutters(professional_eligible_for_actual_category=None, actual_category_cost=None),
        "findings.professional_eligible_for_actual_category",
    ),
    lacks(
        "the actual category is unknown",
        "CRED-WRONG-CATEGORY",
        gutters(actual_category=None),
        "findings.actual_category",
    ),
    Example(
        "the price of the right category is in another currency",
        gutters(actual_category_cost={"amount": "30.00", "unit": "CAD"}),
        INVALID,
        "PARTIAL-DIFF",
        more=faulty("findings.actual_category_cost.unit"),
    ),
    fails(
        "the same category, written otherwise",
        "CRED-WRONG-CATEGORY",
        gutters(actual_category=" Roofing "),
    ),
    Example(
        "a task that belongs in the category",
        gutters(task_appropriate_for_category=True),
        REFUSED,
        "DEN-TASK-APPROPRIATE DEN-REASON-MISMATCH CRED-WRONG-CATEGORY",
        more=denied(),
    ),
    Example(
        "a task that belongs in the category is declined, dead phone or not",
        gutters(task_appropriate_for_category=True, phone_working=False),
        REFUSED,
        "DEN-TASK-APPROPRIATE",
        cites_not="CRED-BAD-PHONE DEN-REASON-MISMATCH",
        more=denied(),
    ),
    Example(
        "a task that belongs in the category does not matter to a dead phone",
        dead(task_appropriate_for_category=True),
        APPROVED,
        "CRED-BAD-PHONE",
        cites_not="DEN-TASK-APPROPRIATE",
    ),
    Example(
        "whether the task belongs in the category, only the team can say",
        gutters(task_appropriate_for_category=None),
        PERSON,
        "DEN-TASK-APPROPRIATE CRED-WRONG-CATEGORY GENUINE",
        more=to_a_person(deadlines=AIM),
    ),
    Example(
        "whether the task belongs in it is not asked in the same category",
        gutters(task_appropriate_for_category=None, actual_category="roofing"),
        REFUSED,
        "DEN-REASON-MISMATCH CRED-WRONG-CATEGORY",
    ),
)

LOCATION = (
    holds(
        "a job outside the area",
        "CRED-WRONG-LOCATION",
        asking("wrong_location", actual_zip="07001", in_targeted_service_area=False),
    ),
    fails(
        "another ZIP code inside the area",
        "CRED-WRONG-LOCATION",
        asking("wrong_location", actual_zip="10002", in_targeted_service_area=True),
    ),
    fails(
        "the same ZIP code, with four digits more",
        "CRED-WRONG-LOCATION",
        asking("wrong_location", actual_zip="10001-2345", in_targeted_service_area=False),
    ),
    lacks(
        "whether it is in the area is unknown",
        "CRED-WRONG-LOCATION",
        asking("wrong_location", actual_zip="07001"),
        "findings.in_targeted_service_area",
    ),
    Example(
        "nothing but a wrong address",
        asking("address_invalid", address_valid=False),
        REFUSED,
        "DEN-ADDRESS-ONLY",
        more=denied(),
    ),
    Example(
        "a wrong location that is only a wrong address",
        asking(
            "wrong_location", actual_zip="10001", in_targeted_service_area=True, address_valid=False
        ),
        REFUSED,
        "DEN-ADDRESS-ONLY CRED-WRONG-LOCATION",
        more=denied(),
    ),
    Example(
        "wrong contact details that are only a wrong address",
        asking("incorrect_contact", person_reached="individual", address_valid=False),
        REFUSED,
        "DEN-ADDRESS-ONLY CRED-WRONG-CONTACT",
        more=denied(),
    ),
    Example(
        "a wrong address and a job outside the area",
        asking(
            "address_invalid",
            actual_zip="07001",
            in_targeted_service_area=False,
            address_valid=False,
        ),
        APPROVED,
        "CRED-WRONG-LOCATION",
        cites_not="DEN-ADDRESS-ONLY",
        more=credited(),
    ),
)


def twice(delivered: str = "2025-03-20 10:00", **others: object) -> Document:
    """A request because the lead was delivered before."""
    return asking("duplicate", previous_delivery=before(delivered, **others))


DUPLICATES = (
    holds("thirty days before", "CRED-DUPLICATE", twice("2025-03-08 00:00")),
    fails("thirty-one days before", "CRED-DUPLICATE", twice("2025-03-07 23:59:59")),
    holds("the category written otherwise", "CRED-DUPLICATE", twice(category="ROOFING")),
    fails("in another category", "CRED-DUPLICATE", twice(category="gutters")),
    fails("to another professional", "CRED-DUPLICATE", twice(to_same_professional=False)),
    fails("the records show none", "CRED-DUPLICATE", twice(by="none")),
    Example(
        "by another lead company",
        twice(by="other_lead_company"),
        REFUSED,
        "NE-OTHER-LEADGEN CRED-DUPLICATE",
        more=denied(),
    ),
    lacks(
        "in which category is unknown",
        "CRED-DUPLICATE",
        twice(category=None),
        "findings.previous_delivery.category",
    ),
    Example(
        "a duplicate is always in the customer records too",
        asking("duplicate", previous_delivery=before(), in_professional_crm=True),
        APPROVED,
        "CRED-DUPLICATE",
        cites_not="NE-IN-CRM",
        more=credited(),
    ),
    Example(
        "an earlier delivery after this one",
        twice("2025-04-07 10:00:01"),
        INVALID,
        "CRED-DUPLICATE",
        more=faulty("findings.previous_delivery.delivered_at"),
    ),
)

PEOPLE = (
    holds(
        "a test or a solicitation",
        "CRED-TESTING",
        asking("testing_solicitation", lead_is_solicitation=True),
    ),
    fails(
        "neither a test nor a solicitation",
        "CRED-TESTING",
        asking("testing_solicitation", lead_is_solicitation=False),
    ),
    holds(
        "somebody who wants a job",
        "CRED-JOB-SEEKER",
        asking("looking_for_work", seeking_employment=True),
    ),
    fails(
        "somebody who wants no job",
        "CRED-JOB-SEEKER",
        asking("looking_for_work", seeking_employment=False),
    ),
    *(
        holds(
            f"not authorized: {who}",
            "CRED-NOT-AUTHORIZED",
            asking("not_authorized", findings=found, project_requires_owner_approval=True),
        )
        for who, found in (
            ("not the owner", {"submitter_owns_property": False}),
            ("a minor", {"submitter_is_minor": True}),
            ("a minor who owns", {"submitter_owns_property": True, "submitter_is_minor": True}),
        )
    ),
    fails(
        "an adult owner",
        "CRED-NOT-AUTHORIZED",
        asking(
            "not_authorized",
            project_requires_owner_approval=True,
            submitter_owns_property=True,
            submitter_is_minor=False,
        ),
    ),
    fails(
        "a tenant whose project needs no consent",
        "CRED-NOT-AUTHORIZED",
        asking(
            "not_authorized", project_requires_owner_approval=False, submitter_owns_property=False
        ),
    ),
    lacks(
        "whether he is a minor is unknown",
        "CRED-NOT-AUTHORIZED",
        asking(
            "not_authorized", project_requires_owner_approval=True, submitter_owns_property=True
        ),
        "findings.submitter_is_minor",
    ),
    holds(
        "not to be called, at the first contact",
        "CRED-DNC",
        asking("do_not_call", dnc_requested_on_contact_number=1),
    ),
    fails(
        "not to be called, at the second contact",
        "CRED-DNC",
        asking("do_not_call", dnc_requested_on_contact_number=2),
    ),
    Example(
        "a contact number zero",
        asking("do_not_call", dnc_requested_on_contact_number=0),
        INVALID,
        more=faulty("findings.dnc_requested_on_contact_number"),
    ),
)


def hired(moment: str | None, spoke: bool | None = True, **more: Any) -> Document:
    """A request because the work was hired before."""
    found = {
        "spoke_with_homeowner": spoke,
        "hired_or_completed_at": None if moment is None else at(moment),
    }
    return asking("already_hired", findings=found, **more)


HEARD = (
    holds("hired a second before", "CRED-ALREADY-HIRED", hired("2025-04-07 09:59:59")),
    Example(
        "hired at the very moment of the delivery",
        hired("2025-04-07 10:00"),
        REFUSED,
        "NE-LOST CRED-ALREADY-HIRED",
        more=denied(),
    ),
    Example(
        "hired the day after",
        hired("2025-04-08 10:00"),
        REFUSED,
        "NE-LOST CRED-ALREADY-HIRED DEN-REASON-MISMATCH",
        more=denied(),
    ),
    holds(
        "hired before, in the hour that comes twice",
        "CRED-ALREADY-HIRED",
        hired(
            "2025-11-02T01:50:00-04:00",
            delivered="2025-11-02T01:10:00-05:00",
            asked="2025-11-03 12:00",
        ),
    ),
    fails("hired before, by hearsay", "CRED-ALREADY-HIRED", hired("2025-04-01 10:00", False)),
    lacks(
        "when it was hired is unknown",
        "CRED-ALREADY-HIRED",
        hired(None),
        "findings.hired_or_completed_at",
    ),
    lacks(
        "whether they spoke is unknown",
        "CRED-ALREADY-HIRED",
        hired("2025-04-01 10:00", None),
        "findings.spoke_with_homeowner",
    ),
    holds(
        "hired before, and the job lost to them",
        "CRED-ALREADY-HIRED",
        hired("2025-04-01 10:00", hired_different_company=True),
    ),
    holds(
        "nobody asked for a quote",
        "CRED-NO-REQUEST",
        asking("no_request", spoke_with_homeowner=True, homeowner_denies_request=True),
    ),
    fails(
        "nobody asked, by hearsay",
        "CRED-NO-REQUEST",
        asking("no_request", spoke_with_homeowner=False, homeowner_denies_request=True),
    ),
    fails(
        "a quote was asked for",
        "CRED-NO-REQUEST",
        asking("no_request", spoke_with_homeowner=True, homeowner_denies_request=False),
    ),
    holds(
        "a prize draw",
        "CRED-MISLEADING-AD",
        asking("misleading_ad", spoke_with_homeowner=True, incentive="a prize draw"),
    ),
    fails(
        "a prize draw, by hearsay",
        "CRED-MISLEADING-AD",
        asking("misleading_ad", spoke_with_homeowner=False, incentive="a prize draw"),
    ),
    fails(
        "no promotion at all",
        "CRED-MISLEADING-AD",
        asking("misleading_ad", spoke_with_homeowner=True, incentive=" "),
    ),
)

CONTRADICTED = (
    Example(
        "the homeowner told the team otherwise",
        dead(contradicted_reason=True),
        REFUSED,
        "DEN-CONTRADICTED",
        cites_not="CRED-BAD-PHONE",
        more=denied(),
    ),
    Example(
        "the homeowner told the team nothing else",
        dead(contradicted_reason=False),
        APPROVED,
        "CRED-BAD-PHONE",
        cites_not="DEN-CONTRADICTED",
    ),
    Example(
        "the team reached the homeowner on that dead phone",
        dead(verification={"reached_homeowner_on_phone": True}),
        REFUSED,
        "DEN-CONTRADICTED CRED-BAD-PHONE",
        more=denied(),
    ),
    Example(
        "on that phone the team reached somebody who wants a job",
        asking(
            "looking_for_work",
            seeking_employment=True,
            verification={"reached_homeowner_on_phone": True},
        ),
        APPROVED,
        "CRED-JOB-SEEKER",
        cites_not="DEN-CONTRADICTED",
    ),
)

NO_GROUNDS = (
    *(
        Example(
            f"no ground: {reason}",
            asking(reason, spoke_with_homeowner=True),
            REFUSED,
            f"{clause} DEN-REASON-MISMATCH GENUINE DECISION-EMAIL",
            cites_not="CREDIT-BALANCE CHANNELS WINDOW-5D",
            more=denied(),
        )
        for reason, clause in (
            ("lost_job", "NE-LOST"),
            ("changed_mind", "NE-CHANGED-MIND"),
            ("shopping", "NE-SHOPPING"),
            ("affordability", "NE-AFFORDABILITY"),
            ("language_barrier", "NE-LANGUAGE"),
            ("other_leadgen", "NE-OTHER-LEADGEN"),
            ("in_crm", "NE-IN-CRM"),
            ("not_ready", "NE-NOT-READY"),
        )
    ),
    *(
        Example(
            f"no ground, though none is claimed: {path}",
            asking("other", findings={path: True}),
            REFUSED,
            f"{clause} DEN-REASON-MISMATCH",
            more=denied(),
        )
        for path, clause in (
            ("hired_different_company", "NE-LOST"),
            ("affordability_concern", "NE-AFFORDABILITY"),
            ("in_professional_crm", "NE-IN-CRM"),
        )
    ),
)

EARNING: Mapping[str, Mapping[str, object]] = {
    "CRED-WRONG-CONTACT": {"person_reached": "unrelated"},
    "CRED-BAD-PHONE": {"phone_working": False},
    "CRED-WRONG-CATEGORY": {
        "actual_category": "gutters",
        "task_appropriate_for_category": False,
        "professional_eligible_for_actual_category": False,
    },
    "CRED-WRONG-LOCATION": {"actual_zip": "07001", "in_targeted_service_area": False},
    "CRED-DUPLICATE": {"previous_delivery": before()},
    "CRED-TESTING": {"lead_is_solicitation": True},
    "CRED-JOB-SEEKER": {"seeking_employment": True},
    "CRED-NOT-AUTHORIZED": {
        "project_requires_owner_approval": True,
        "submitter_owns_property": False,
    },
    "CRED-ALREADY-HIRED": {
        "spoke_with_homeowner": True,
        "hired_or_completed_at": at("2025-04-01 10:00"),
    },
    "CRED-NO-REQUEST": {"spoke_with_homeowner": True, "homeowner_denies_request": True},
    "CRED-MISLEADING-AD": {"spoke_with_homeowner": True, "incentive": "a free roof"},
    "CRED-DNC": {"dnc_requested_on_contact_number": 1},
    "CRED-NON-CONTACT": steps(),
}
"""What makes each ground of the full cost true on record."""

ON_RECORD = (
    *(
        Example(
            f"on record, while the mind was changed: {clause}",
            asking("changed_mind", findings=found),
            APPROVED,
            f"{clause} CREDIT-BALANCE",
            cites_not="NE-CHANGED-MIND DEN-REASON-MISMATCH",
            more=credited(),
        )
        for clause, found in EARNING.items()
    ),
    Example(
        "on record, in part",
        asking("changed_mind", findings=gutters()["findings"]),
        PARTLY,
        "CRED-WRONG-CATEGORY PARTIAL-DIFF",
        cites_not="NE-CHANGED-MIND",
        more=credited("15.00", "partially_credited"),
    ),
    Example(
        "full before partial, and nothing is added up",
        gutters(phone_working=False),
        APPROVED,
        "CRED-BAD-PHONE CREDIT-BALANCE",
        cites_not="PARTIAL-DIFF",
        more=credited(),
    ),
    Example(
        "the ground that is claimed is the one that is named",
        asking("do_not_call", dnc_requested_on_contact_number=1, phone_working=False),
        APPROVED,
        "CRED-DNC",
        cites_not="CRED-BAD-PHONE",
    ),
    Example(
        "what nobody claims is asked of nobody",
        asking("shopping", spoke_with_homeowner=True, actual_zip="07001"),
        REFUSED,
        "NE-SHOPPING",
        more={"missing": set()},
    ),
)

OPTIONS = (
    *(
        Example(
            f"by hearsay, where it is asked for again: {clause}",
            asking(reason, findings={**EARNING[clause], "spoke_with_homeowner": False}),
            ASKED,
            clause,
            parameters={"not_spoken": "ask"},
            more=wants("findings.spoke_with_homeowner"),
        )
        for reason, clause in (
            ("already_hired", "CRED-ALREADY-HIRED"),
            ("no_request", "CRED-NO-REQUEST"),
            ("misleading_ad", "CRED-MISLEADING-AD"),
        )
    ),
    Example(
        "hearsay of what would earn nothing is not asked for again",
        hired("2025-04-08 10:00", False),
        REFUSED,
        "NE-LOST CRED-ALREADY-HIRED",
        parameters={"not_spoken": "ask"},
    ),
    Example(
        "hearsay that nobody claims is not asked for again",
        asking("shopping", findings=hired("2025-04-01 10:00", False)["findings"]),
        REFUSED,
        "NE-SHOPPING",
        parameters={"not_spoken": "ask"},
    ),
    *(
        Example(
            f"one call on an evening, {title}",
            evening(at_delivery),
            outcome,
            cites,
            parameters={"late_evening_second_call": "review"},
        )
        for title, at_delivery, outcome, cites in (
            ("after eight", "2025-04-07 20:00", PERSON, "CRED-NON-CONTACT GENUINE"),
            ("before eight", "2025-04-07 19:59:59", REFUSED, FAILS.format("CRED-NON-CONTACT")),
        )
    ),
    Example(
        "no message after a delivery late in the evening",
        evening("2025-04-07 20:30", written=False),
        REFUSED,
        FAILS.format("CRED-NON-CONTACT"),
        parameters={"late_evening_second_call": "review"},
    ),
    fails(
        "one call on an evening after eight",
        "CRED-NON-CONTACT",
        evening("2025-04-07 20:00"),
    ),
    Example(
        "no difference, where none is refused",
        gutters(actual_category_cost=usd("45.00")),
        REFUSED,
        "CRED-WRONG-CATEGORY PARTIAL-DIFF DEN-REASON-MISMATCH",
        parameters={"negative_difference": "refuse"},
        more=denied(),
    ),
    Example(
        "a difference of one cent is one",
        gutters(actual_category_cost=usd("44.99")),
        PARTLY,
        "CRED-WRONG-CATEGORY PARTIAL-DIFF",
        parameters={"negative_difference": "refuse"},
        more=credited("0.01", "partially_credited"),
    ),
    Example(
        "no difference that nobody claims",
        asking("shopping", findings=gutters(actual_category_cost=usd("45.00"))["findings"]),
        REFUSED,
        "NE-SHOPPING",
        cites_not="PARTIAL-DIFF",
        parameters={"negative_difference": "refuse"},
    ),
)

GROUNDS = (
    *CONTACT_DETAILS,
    *CATEGORY,
    *LOCATION,
    *DUPLICATES,
    *PEOPLE,
    *HEARD,
    *CONTACT,
    *EARLY,
    *CONTRADICTED,
    *NO_GROUNDS,
    *ON_RECORD,
    *OPTIONS,
)
