"""The time that the team's analysis takes, and what further documents do to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from avoir.dates import business_days, day
from avoir.measures import Unknown, measure, tolerant_measure
from avoir.messages import N_
from avoir.periods import is_business_day
from avoir_referral_broker.partner.choices import Act
from avoir_referral_broker.partner.facts import F, Round
from avoir_referral_broker.partner.measures import supplied
from avoir_referral_broker.partner.parameters import ExtraDocumentsClock, P

event, additional = F.event, F.deal.additional_documents
acted_on = day(event.at)
as_of_day = day(F.as_of)
UPLOADING: Final = (None, Act.CREATE_THREAD, Act.UPLOAD_DOCUMENTS)
SUPPLYING: Final = (None, Act.SUPPLY_ADDITIONAL_DOCUMENTS)


# what an act completes is on record only after it, and its own deadline counts from it already
@tolerant_measure(event.type, event.documents_uploaded, event.at, label=N_("upload completed now"))
def uploaded_now(act: Act | None, uploaded: bool | None, now: datetime | None) -> datetime | None:
    """The moment of the act that completes the upload, where this one does."""
    return now if uploaded and act in UPLOADING else None


@tolerant_measure(
    F.deal.thread.documents_uploaded_at, uploaded_now, label=N_("upload of the documents complete")
)
def uploaded_at(recorded: datetime | None, now: datetime | None) -> datetime | Unknown:
    """When the documents of the thread were complete."""
    return recorded or now or Unknown([F.deal.thread.documents_uploaded_at.path])


@tolerant_measure(event.type, supplied, event.at, label=N_("further documents complete now"))
def supplied_now(act: Act | None, all_there: bool | None, now: datetime | None) -> datetime | None:
    """The moment of the act that supplies what was still wanting, where this one does."""
    return now if all_there and act in SUPPLYING else None


@tolerant_measure(
    additional.rounds,
    additional.requested_at,
    additional.supplied_at,
    label=N_("requests for further documents"),
)
def recorded_rounds(
    rounds: Sequence[Round] | None, requested: datetime | None, came: datetime | None
) -> tuple[Round, ...]:
    """The requests on record; of a single one the two moments are enough."""
    if rounds is not None:
        return tuple(rounds)
    if requested is None and came is None:
        return ()
    return (Round(requested_at=requested, supplied_at=came),)


@measure(recorded_rounds, label=N_("further documents are awaited"))
def awaits_documents(rounds: Sequence[Round]) -> bool:
    """Whether the latest request is still open."""
    return bool(rounds) and rounds[-1].supplied_at is None


@measure(recorded_rounds, label=N_("number of requests for further documents"))
def times_asked(rounds: Sequence[Round]) -> int:
    """How often further documents were asked for."""
    return len(rounds)


@tolerant_measure(event.type, event.at, label=N_("further documents asked for now"))
def requested_now(act: Act | None, now: datetime | None) -> datetime | None:
    """The moment of the act that asks for further documents, where this one does."""
    return now if act is Act.REQUEST_ADDITIONAL_DOCUMENTS else None


@tolerant_measure(
    recorded_rounds, supplied_now, requested_now, label=N_("requests for further documents")
)
def rounds(
    recorded: Sequence[Round] | None, came: datetime | None, asked: datetime | None
) -> tuple[Round, ...]:
    """The requests with what this act does to them: it opens one, or closes the open one."""
    made = tuple(recorded or ())
    if made and made[-1].supplied_at is None:
        return (*made[:-1], Round(requested_at=made[-1].requested_at, supplied_at=came))
    return made if asked is None else (*made, Round(requested_at=asked))


@measure(uploaded_at, rounds, P.extra_documents_clock, label=N_("start of the team’s analysis"))
def clock_starts(
    uploaded: datetime, asked: Sequence[Round], clock: ExtraDocumentsClock
) -> date | Unknown:
    """The day that the analysis counts from; where time does not run on, none while it waits."""
    if clock is ExtraDocumentsClock.RUN:
        return uploaded.date()
    came = [one.supplied_at for one in asked if one.supplied_at is not None]
    if len(came) < len(asked):
        return Unknown([additional.supplied_at.path])
    return (
        max([uploaded, *came]).date() if clock is ExtraDocumentsClock.RESTART else uploaded.date()
    )


@measure(
    rounds, P.extra_documents_clock, P.calendar, label=N_("business days the analysis stood still")
)
def days_paused(asked: Sequence[Round], clock: ExtraDocumentsClock, calendar: str) -> int | Unknown:
    """The business days from each request, which does not count, to what it brought."""
    if clock is not ExtraDocumentsClock.PAUSE:
        return 0
    paused, counted = 0, date.min
    for one in asked:
        if one.requested_at is None or one.supplied_at is None:
            return Unknown([additional.requested_at.path])
        # no day stands still twice, however the requests overlap
        counted = max(one.requested_at.date(), counted)
        while counted < one.supplied_at.date():
            counted += timedelta(days=1)
            paused += is_business_day(counted, calendar)
    return paused


@measure(days_paused, P.analysis_business_days, label=N_("business days of the team’s analysis"))
def days_allowed(paused: int, allowed: int) -> int:
    """The business days of the analysis, with those it stood still."""
    return paused + allowed


analysis_due = (clock_starts + business_days(days_allowed, P.calendar)).named(
    N_("last day of the team’s analysis")
)
