"""Recorded examples of steps 1 to 4: found, presented, collected, looked at by the partner."""

from __future__ import annotations

from typing import Final

from tests.plugins.referral_broker.partner.examples import (
    ASKED,
    BLOCKED,
    RECORDED,
    REFUSED,
    Example,
    acting,
    lacks,
    leads_to,
    wants,
)

LIST: Final = {"required_documents": ["Bank statement", "Balance sheet"]}
ANSWER: Final = "answer with the guide to questions about the service"
ANSWER_ON_THE_RANGE: Final = (
    "answer with the guide to objections to the range, then ask the client again"
)

FOUND: Final = (
    Example(
        "a partner finds a client",
        acting("find_client"),
        RECORDED,
        "01-FIND DATE SUPPORT",
        "find_client",
        more=leads_to("found", allowed_actions=["present_service", "client_doubts"]),
    ),
    Example(
        "the service is presented",
        acting("present_service"),
        RECORDED,
        "02-PRESENT 01-FIND",
        "present_service",
        cites_not="02-DOUBTS",
        more=leads_to("presented"),
    ),
    Example(
        "doubts about the service",
        acting("client_doubts", {"event.stage": "presentation"}),
        RECORDED,
        "02-DOUBTS 02-PRESENT",
        "client_doubts",
        cites_not="07-OBJECTIONS",
        more=leads_to(None, guidance=[ANSWER]),
    ),
    Example(
        "doubts of which nobody says when",
        acting("client_doubts"),
        RECORDED,
        "02-DOUBTS",
        "client_doubts",
        more=leads_to(None, guidance=[ANSWER]),
    ),
    Example(
        "doubts about the range have another guide",
        acting("client_doubts", {"event.stage": "agreement"}, through=6),
        RECORDED,
        "07-OBJECTIONS 06-FORK",
        "client_doubts",
        cites_not="02-DOUBTS",
        more=leads_to(None, guidance=[ANSWER_ON_THE_RANGE]),
    ),
    Example(
        "doubts about a range that nobody gave",
        acting("client_doubts", {"event.stage": "agreement"}, through=5),
        BLOCKED,
        "06-FORK 07-OBJECTIONS",
        "client_doubts",
        more=lacks("step 6 done", state=None),
    ),
)
DOCUMENTS: Final = (
    Example(
        "everything is collected",
        acting("collect_documents"),
        RECORDED,
        "03-COLLECT",
        "collect_documents",
        more=leads_to("documents_collected", missing_preconditions=[]),
    ),
    Example(
        "not everything is collected",
        acting("collect_documents", {"event.documents_complete": False}),
        ASKED,
        "03-COLLECT",
        "collect_documents",
        more=wants("event.documents", state="presented", missing_preconditions=[]),
    ),
    Example(
        "what is known to be missing is named",
        acting(
            "collect_documents",
            {"event.documents_complete": False, "deal.missing_documents": ["Tax return"]},
        ),
        ASKED,
        "03-COLLECT",
        "collect_documents",
        more=wants("event.documents", missing_preconditions=["Tax return"]),
    ),
    Example(
        "nobody says whether everything is collected",
        acting("collect_documents", {"event.documents_complete": None}),
        ASKED,
        "03-COLLECT",
        "collect_documents",
        more=wants("event.documents_complete", state="presented"),
    ),
    Example(
        "every document of the list, however it is written",
        acting("collect_documents", {"event.documents": ["balance  sheet", "BANK STATEMENT"]}),
        RECORDED,
        "03-COLLECT",
        "collect_documents",
        LIST,
        more=leads_to("documents_collected"),
    ),
    Example(
        "where there is a list, the list is enough",
        acting(
            "collect_documents",
            {
                "event.documents_complete": None,
                "event.documents": ["Balance sheet", "Bank statement"],
            },
        ),
        RECORDED,
        "03-COLLECT",
        "collect_documents",
        LIST,
        more=leads_to("documents_collected"),
    ),
    Example(
        "one document of the list is missing, and named",
        acting("collect_documents", {"event.documents": ["Bank statement", "Passport"]}),
        ASKED,
        "03-COLLECT",
        "collect_documents",
        LIST,
        more=wants("event.documents", state="presented", missing_preconditions=["Balance sheet"]),
    ),
    Example(
        "nobody says which documents of the list are there",
        acting("collect_documents"),
        ASKED,
        "03-COLLECT",
        "collect_documents",
        LIST,
        more=wants("event.documents", state="presented", missing_preconditions=[]),
    ),
    Example(
        "the partner says that a complete list is not all",
        acting(
            "collect_documents",
            {
                "event.documents_complete": False,
                "event.documents": ["Balance sheet", "Bank statement"],
            },
        ),
        ASKED,
        "03-COLLECT",
        "collect_documents",
        LIST,
        more=wants("event.documents", missing_preconditions=[]),
    ),
)
PRELIMINARY: Final = (
    Example(
        "a client who meets the criteria, without a stop factor",
        acting("preliminary_analysis"),
        RECORDED,
        "04-CRITERIA 04-STOPFACTORS",
        "preliminary_analysis",
        more=leads_to("preliminary_passed"),
    ),
    Example(
        "a client who does not meet the criteria",
        acting("preliminary_analysis", {"event.criteria_met": False}),
        REFUSED,
        "04-CRITERIA",
        "preliminary_analysis",
        cites_not="04-STOPFACTORS",
        more=leads_to("preliminary_failed", resubmittable=False, missing_preconditions=[]),
    ),
    Example(
        "a stop factor",
        acting("preliminary_analysis", {"event.stop_factors": ["insolvency"]}),
        REFUSED,
        "04-STOPFACTORS",
        "preliminary_analysis",
        cites_not="04-CRITERIA",
        more=leads_to("preliminary_failed", resubmittable=False),
    ),
    Example(
        "both reasons are given",
        acting(
            "preliminary_analysis",
            {"event.criteria_met": False, "event.stop_factors": ["insolvency"]},
        ),
        REFUSED,
        "04-CRITERIA 04-STOPFACTORS",
        "preliminary_analysis",
    ),
    Example(
        "one reason is enough, whatever the other is",
        acting("preliminary_analysis", {"event.criteria_met": False, "event.stop_factors": None}),
        REFUSED,
        "04-CRITERIA",
        "preliminary_analysis",
        more=leads_to("preliminary_failed", missing=set()),
    ),
    Example(
        "nobody says whether the criteria are met",
        acting("preliminary_analysis", {"event.criteria_met": None}),
        ASKED,
        "04-CRITERIA",
        "preliminary_analysis",
        cites_not="04-STOPFACTORS",
        more=wants("event.criteria_met", state=None),
    ),
    Example(
        "nobody says what stop factors there are",
        acting("preliminary_analysis", {"event.stop_factors": None}),
        ASKED,
        "04-STOPFACTORS",
        "preliminary_analysis",
        more=wants("event.stop_factors"),
    ),
    Example(
        "a stop factor of the list",
        acting("preliminary_analysis", {"event.stop_factors": ["Insolvency "]}),
        REFUSED,
        "04-STOPFACTORS",
        "preliminary_analysis",
        {"stop_factors": ["insolvency", "arrears"]},
    ),
)
CLIENT: Final = (*FOUND, *DOCUMENTS, *PRELIMINARY)
