"""The same request as one rule of datalogic-py, an engine of JSONLogic, compiled once.

It decides as much as the table of zen-engine, on the same measures: outcome and first clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

import datalogic_py

from benchmarks.ready_made import Plain

Logic: TypeAlias = dict[str, Any]


def _is(name: str, value: str | int | None) -> Logic:
    return {"===": [_read(name), value]}


def _read(name: str) -> Logic:
    return {"var": name}


def _one_of(name: str, *values: str) -> Logic:
    return {"in": [_read(name), list(values)]}


def _at_least(name: str, least: int) -> Logic:
    return {">=": [_read(name), least]}


def _not(condition: str | Logic) -> Logic:
    return {"!": [_logic(condition)]}


def _all(*conditions: str | Logic) -> Logic:
    return {"and": [_logic(condition) for condition in conditions]}


def _any(*conditions: str | Logic) -> Logic:
    return {"or": [_logic(condition) for condition in conditions]}


def _logic(condition: str | Logic) -> Logic:
    """A condition; the name of a measure stands for one that is true."""
    return _read(condition) if isinstance(condition, str) else condition


_CLAIMED: Final = {
    reason: _is("claim", reason) for reason in ("non_contact", "wrong_category", "already_hired")
}
GROUNDS: Final = (
    ("incorrect_contact", "CX-CRED-WRONG-CONTACT", _is("person", "unrelated")),
    (
        "non_working_phone",
        "CX-CRED-BAD-PHONE",
        _all(_not("phone_working"), _not("reached_on_phone")),
    ),
    (
        "wrong_category",
        "CX-CRED-WRONG-CATEGORY",
        _all(_not("eligible"), _not("appropriate"), "other_category"),
    ),
    ("wrong_location", "CX-CRED-WRONG-LOCATION", _all("other_zip", _not("in_area"))),
    (
        "duplicate",
        "CX-CRED-DUPLICATE",
        _all(_is("before_by", "conxpros"), "before_to_same", "within_look_back", "same_category"),
    ),
    ("testing_solicitation", "CX-CRED-TESTING", _read("solicitation")),
    ("looking_for_work", "CX-CRED-JOB-SEEKER", _read("seeking_work")),
    (
        "not_authorized",
        "CX-CRED-NOT-AUTHORIZED",
        _all("needs_owner", _any(_not("owner"), "minor")),
    ),
    ("already_hired", "CX-CRED-ALREADY-HIRED", _all("spoke", "hired_before")),
    ("no_request", "CX-CRED-NO-REQUEST", _all("spoke", "denies")),
    ("misleading_ad", "CX-CRED-MISLEADING-AD", _all("spoke", "incentive")),
    ("do_not_call", "CX-CRED-DNC", _is("asked_not_to_call", 1)),
)
PARTLY: Final = _all("eligible", _not("appropriate"), "other_category")
UNREACHED: Final = _all(
    _not("in_touch"),
    _not("verified"),
    _at_least("messages", 1),
    _at_least("calls_day_one", 2),
    {"<": [_read("first_call"), 60]},
    _at_least("calls_day_two", 1),
    _not("early"),
    _at_least("calls_day_three", 1),
)
ANY_GROUND: Final = _any(PARTLY, *(holds for _, _, holds in GROUNDS))
DENIED_BEFORE: Final = _all(_is("state", "denied"), _not(_is("last_clause", None)))


def rules() -> Iterator[tuple[Logic, str, str]]:
    """The rules in order of precedence, but for the last one, which always holds."""
    yield _read("no_amounts"), "invalid", "CX-CREDIT-BALANCE"
    yield _read("asked_before_delivery"), "invalid", "CX-WINDOW-5D"
    yield _read("contacted_before_delivery"), "invalid", "CX-CRED-NON-CONTACT"
    yield _read("delivered_again_later"), "invalid", "CX-CRED-DUPLICATE"
    yield _read("units_differ"), "invalid", "CX-PARTIAL-DIFF"
    yield _not(_one_of("channel", "dashboard", "account_manager")), "blocked", "CX-CHANNELS"
    yield _is("state", "credited_proactively"), "unchanged", "CX-PRO-NOTIFY"
    yield _one_of("state", "credited", "partially_credited"), "unchanged", "CX-CREDIT-BALANCE"
    yield _is("state", "final_approved"), "unchanged", "CX-FINAL"
    yield _all(_is("state", "final_denied"), "asked_before"), "blocked", "CX-FINAL"
    yield _is("state", "final_denied"), "manual_review", "CX-FINAL"
    closed = _any(_one_of("state", "under_review", "reversed"), DENIED_BEFORE)
    yield closed, "blocked", "CX-REVIEW"
    yield _read("late"), "refused", "CX-WINDOW-5D"
    yield _any(_not("notes"), "uninformative"), "refused", "CX-DEN-NO-NOTES"
    yield _all(_CLAIMED["non_contact"], "early"), "refused", "CX-DEN-EARLY-NONCONTACT"
    spoken_with = _all(_CLAIMED["non_contact"], "verified", _not(ANY_GROUND))
    yield spoken_with, "refused", "CX-NONCONTACT-VERIFIED"
    contradicted = _any("contradicted", _all(_is("claim", "non_working_phone"), "reached_on_phone"))
    yield contradicted, "refused", "CX-DEN-CONTRADICTED"
    yield _all(_CLAIMED["wrong_category"], "appropriate"), "refused", "CX-DEN-TASK-APPROPRIATE"
    for reason, clause, holds in GROUNDS:
        yield _all(_is("claim", reason), holds), "approved", clause
    yield _all(_CLAIMED["non_contact"], UNREACHED), "approved", "CX-CRED-NON-CONTACT"
    for _, clause, holds in GROUNDS:
        yield holds, "approved", clause
    yield UNREACHED, "approved", "CX-CRED-NON-CONTACT"
    yield PARTLY, "partly_approved", "CX-CRED-WRONG-CATEGORY"
    only_the_address = _any(
        _is("claim", "address_invalid"),
        _all(_one_of("claim", "wrong_location", "incorrect_contact"), _not("address_valid")),
    )
    yield only_the_address, "refused", "CX-DEN-ADDRESS-ONLY"
    lost = _any(
        _is("claim", "lost_job"),
        "hired_other",
        _all(_CLAIMED["already_hired"], _not("hired_before")),
    )
    yield lost, "refused", "CX-NE-LOST"
    yield _is("claim", "changed_mind"), "refused", "CX-NE-CHANGED-MIND"
    yield _is("claim", "shopping"), "refused", "CX-NE-SHOPPING"
    yield _any(_is("claim", "affordability"), "affordability"), "refused", "CX-NE-AFFORDABILITY"
    yield _is("claim", "language_barrier"), "refused", "CX-NE-LANGUAGE"
    elsewhere = _any(_is("claim", "other_leadgen"), _is("before_by", "other_lead_company"))
    yield elsewhere, "refused", "CX-NE-OTHER-LEADGEN"
    yield _any(_is("claim", "in_crm"), "in_crm"), "refused", "CX-NE-IN-CRM"
    yield _is("claim", "not_ready"), "refused", "CX-NE-NOT-READY"


class Rules:
    """The rules as one compiled ``if``, with the session that its evaluations share."""

    def __init__(self) -> None:
        steps: list[Any] = []
        for condition, outcome, clause in rules():
            steps += [condition, [outcome, clause]]
        engine = datalogic_py.Engine()
        self._rule = engine.compile_checked({"if": [*steps, ["refused", "CX-DEN-REASON-MISMATCH"]]})
        self._session = engine.session()

    def decide(self, measures: Mapping[str, Plain]) -> list[str]:
        """The outcome and the first clause of a request, by its measures."""
        decided: list[str] = self._session.evaluate(self._rule, measures)
        return decided
