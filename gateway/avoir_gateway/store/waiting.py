"""Waiting: which cases wait for a person, and since when, as the list of cases keeps it.

Whom a case waits for is a matter of its policy, which the store does not know: whoever does tells
it. Since when is read from the journal, where no act is missing: the list may skip some.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias, cast

import msgspec

from .connection import Database, Patience, durable
from .documents import Document, exactly
from .errors import saying
from .laws import JOURNAL
from .records import ON_AN_ACCOUNT, Record

Key: TypeAlias = tuple[str, str]
"""A tenant and a case of it."""


class Act(msgspec.Struct, frozen=True):
    """What one record says of an act: what it was, what it came to, and where it left the case."""

    revision: int
    action: str
    outcome: str
    state: str
    at: datetime


class Wait(msgspec.Struct, frozen=True):
    """The role that a case waits for, and since when it does."""

    role: str
    since: datetime


class Waits(Protocol):
    """What cases wait for, by those who know the policies."""

    def may_wait(self, policy: str, state: str) -> bool:
        """Whether a case of this policy may wait for anybody in this state."""

    def wait(self, policy: str, acts: Sequence[Act]) -> Wait | None:
        """What a case waits for after all its acts, the first one first."""


class Acts:
    """Reads the acts of cases from the journal, without what they were decided on."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._journal = durable(database, JOURNAL, patience or Patience())

    async def of(self, cases: Iterable[Key]) -> Mapping[Key, Sequence[Act]]:
        """All acts of several cases, each case given by tenant and id; the first act first."""
        of_tenant: dict[str, list[str]] = {}
        for tenant, case in cases:
            of_tenant.setdefault(tenant, []).append(case)
        found: dict[Key, list[Act]] = {}
        for tenant, names in of_tenant.items():
            query = exactly(tenant=tenant) | {"case": {"$in": names}}
            with saying("reading the acts of cases"):
                async for one in self._journal.find(query, _WANTED):
                    found.setdefault((tenant, str(one["case"])), []).append(_act(one))
        return {key: sorted(acts, key=lambda one: one.revision) for key, acts in found.items()}


_WANTED = {
    "case": True,
    "revision": True,
    "action": True,
    "decision.outcome": True,
    "state": True,
    "at": True,
}


def _act(found: Document) -> Act:
    outcome = cast(Mapping[str, object], found["decision"]).get("outcome")
    return Act(
        int(cast(int, found["revision"])),
        str(found["action"]),
        str(outcome),
        str(found["state"]),
        cast(datetime, found["at"]),
    )


def act(record: Record) -> Act:
    """The act of a record."""
    outcome = record.decision.get("outcome")
    return Act(record.revision, record.action, str(outcome), record.state, record.at)


async def waiting(records: Iterable[Record], waits: Waits, journal: Acts) -> Mapping[Key, Wait]:
    """What the cases of these records wait for after the newest of them, by tenant and case."""
    known: dict[Key, dict[int, Record]] = {}
    for record in records:
        if not record.case.startswith(ON_AN_ACCOUNT):
            known.setdefault((record.tenant, record.case), {})[record.revision] = record
    newest = {key: of_case[max(of_case)] for key, of_case in known.items()}
    candidates = {
        key: record for key, record in newest.items() if waits.may_wait(record.policy, record.state)
    }
    untold = [key for key, record in candidates.items() if len(known[key]) < record.revision]
    told = await journal.of(untold) if untold else {}
    found: dict[Key, Wait] = {}
    for key, record in candidates.items():
        acts = told.get(key) or [act(one) for _, one in sorted(known[key].items())]
        wait = waits.wait(record.policy, [one for one in acts if one.revision <= record.revision])
        if wait is not None:
            found[key] = wait
    return found
