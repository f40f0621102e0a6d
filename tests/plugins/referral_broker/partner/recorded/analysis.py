"""Recorded examples of steps 5 and 6: the thread, the analysis, further documents."""

from __future__ import annotations

from typing import Final

from tests.plugins.referral_broker.partner.examples import (
    ASKED,
    BLOCKED,
    RECORDED,
    Example,
    acting,
    at,
    lacks,
    leads_to,
    wants,
)

ASKED_AT, CAME_AT = at("2025-03-04 09:00"), at("2025-03-04 15:00")
OPEN: Final = {"deal.additional_documents.requested_at": ASKED_AT}
CLOSED: Final = {**OPEN, "deal.additional_documents.supplied_at": CAME_AT}
DUE_ON_THE_SIXTH: Final = {"analysis_due 2025-03-06"}

THREAD: Final = (
    Example(
        "a thread with all documents begins the analysis",
        acting("create_thread"),
        RECORDED,
        "05-UPLOAD 05-THREAD 06-2BD 04-CRITERIA",
        "create_thread",
        more=leads_to("team_analysis", deadlines=DUE_ON_THE_SIXTH),
    ),
    Example(
        "a thread without all documents is a thread",
        acting("create_thread", {"event.documents_uploaded": False}),
        RECORDED,
        "05-THREAD 05-UPLOAD",
        "create_thread",
        cites_not="06-2BD",
        more=leads_to("thread_open", deadlines=set(), allowed_actions=["upload_documents"]),
    ),
    Example(
        "a thread of whose documents nothing is said",
        acting("create_thread", {"event.documents_uploaded": None}),
        RECORDED,
        "05-THREAD 05-UPLOAD",
        "create_thread",
        more=leads_to("thread_open", deadlines=set()),
    ),
    Example(
        "the last documents are uploaded",
        acting("upload_documents"),
        RECORDED,
        "05-UPLOAD 05-THREAD 06-2BD",
        "upload_documents",
        more=leads_to("team_analysis", deadlines=DUE_ON_THE_SIXTH),
    ),
    Example(
        "some documents are still not uploaded",
        acting("upload_documents", {"event.documents_uploaded": False}),
        ASKED,
        "05-UPLOAD",
        "upload_documents",
        more=wants("event.documents", state="thread_open"),
    ),
    Example(
        "nobody says whether all documents are uploaded",
        acting("upload_documents", {"event.documents_uploaded": None}),
        ASKED,
        "05-UPLOAD",
        "upload_documents",
        more=wants("event.documents_uploaded", state="thread_open"),
    ),
    Example(
        "documents without a thread to upload them to",
        acting("upload_documents", {"deal.thread.created": None}),
        BLOCKED,
        "05-THREAD 05-UPLOAD",
        "upload_documents",
        more=lacks("a thread in the work group", state=None),
    ),
)
ANALYSIS: Final = (
    Example(
        "the team begins",
        acting("start_team_analysis"),
        RECORDED,
        "06-2BD",
        "start_team_analysis",
        cites_not="06-EXTRA-DOCS",
        more=leads_to("team_analysis", deadlines={"analysis_due 2025-03-05"}),
    ),
    Example(
        "the team begins again with the further documents",
        acting("start_team_analysis", CLOSED),
        RECORDED,
        "06-2BD 06-EXTRA-DOCS",
        "start_team_analysis",
        more=leads_to("team_analysis", deadlines=DUE_ON_THE_SIXTH),
    ),
    Example(
        "the team waits for further documents",
        acting("start_team_analysis", OPEN),
        BLOCKED,
        "06-EXTRA-DOCS",
        "start_team_analysis",
        more=lacks("the further documents that were asked for", state=None),
    ),
    Example(
        "the team asks for further documents, and its time stands still",
        acting("request_additional_documents", {"event.documents": ["Tax return"]}),
        RECORDED,
        "06-EXTRA-DOCS 05-THREAD",
        "request_additional_documents",
        cites_not="06-FORK",
        more=leads_to(
            "awaiting_additional_documents",
            "partner:additional_documents_requested",
            deadlines=set(),
        ),
    ),
    Example(
        "the team asks a second time",
        acting("request_additional_documents", CLOSED),
        RECORDED,
        "06-EXTRA-DOCS",
        "request_additional_documents",
        more=leads_to(
            "awaiting_additional_documents",
            "partner:additional_documents_requested",
            deadlines=set(),
        ),
    ),
    Example(
        "the team asks while it waits",
        acting("request_additional_documents", OPEN),
        BLOCKED,
        "06-EXTRA-DOCS",
        "request_additional_documents",
        more=lacks("the further documents that were asked for"),
    ),
    Example(
        "the team asks after it gave the range",
        acting("request_additional_documents", through=6),
        BLOCKED,
        "06-FORK",
        "request_additional_documents",
        more=lacks("an analysis that is not over"),
    ),
    Example(
        "the further documents come, and the time begins again",
        acting("supply_additional_documents"),
        RECORDED,
        "06-EXTRA-DOCS 06-2BD",
        "supply_additional_documents",
        more=leads_to("team_analysis", deadlines=DUE_ON_THE_SIXTH),
    ),
    Example(
        "every document that was asked for is named",
        acting(
            "supply_additional_documents",
            {"deal.missing_documents": ["Tax return"], "event.documents": ["tax return"]},
        ),
        RECORDED,
        "06-EXTRA-DOCS",
        "supply_additional_documents",
        more=leads_to("team_analysis"),
    ),
    Example(
        "a document that was asked for is not among those that came",
        acting(
            "supply_additional_documents",
            {
                "deal.missing_documents": ["Tax return", "Charter"],
                "event.documents": ["Charter"],
            },
        ),
        ASKED,
        "06-EXTRA-DOCS",
        "supply_additional_documents",
        more=wants(
            "event.documents",
            state="awaiting_additional_documents",
            missing_preconditions=["Tax return"],
        ),
    ),
    Example(
        "not all of the further documents came",
        acting("supply_additional_documents", {"event.documents_uploaded": False}),
        ASKED,
        "06-EXTRA-DOCS",
        "supply_additional_documents",
        more=wants("event.documents", state="awaiting_additional_documents"),
    ),
    Example(
        "nobody says whether all of the further documents came",
        acting("supply_additional_documents", {"event.documents_uploaded": None}),
        ASKED,
        "06-EXTRA-DOCS",
        "supply_additional_documents",
        more=wants("event.documents_uploaded", state="awaiting_additional_documents"),
    ),
    Example(
        "documents that nobody asked for",
        acting("supply_additional_documents", {"deal.additional_documents.requested_at": None}),
        BLOCKED,
        "06-EXTRA-DOCS",
        "supply_additional_documents",
        more=lacks("a request for further documents"),
    ),
    Example(
        "documents supplied after the range was given",
        acting("supply_additional_documents", through=6),
        BLOCKED,
        "06-FORK",
        "supply_additional_documents",
        more=lacks("an analysis that is not over"),
    ),
)
