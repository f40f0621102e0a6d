"""Verifying: what is recorded for a tenant is held against its chain, byte by byte."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from hashlib import sha256
from typing import Final, cast

import msgspec
from bson.objectid import ObjectId

from .administration import AdministrativeRecord
from .connection import Database, Patience
from .documents import Document, exactly
from .elements import elements, values_of
from .errors import MarkLost
from .feed import Mark
from .projections import Progress
from .recorded import PAGE, Recorded, Recordings
from .records import Record
from .seals import FIRST, PART_BYTES, Block, Head, Seal, Seals, Source, hash_of, part, read

LATE: Final = timedelta(seconds=60)
"""By so much a record may be older than what was sealed before it: a write may land late."""


class Broken(StrEnum):
    """In what way a chain and what it holds do not agree."""

    RECORD_CHANGED = "record_changed"
    RECORD_MISSING = "record_missing"
    RECORD_UNSEALED = "record_unsealed"
    BLOCK_CHANGED = "block_changed"
    BLOCK_MISSING = "block_missing"
    BLOCK_OUT_OF_PLACE = "block_out_of_place"
    HEAD_GONE = "head_gone"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as it was sealed: where, and which fields of a record.

    `block` is the first of the blocks up to `last_block` where several are missing. `fields` are
    those that were changed or put in, `removed` those that are gone, as far as they can be told.
    What stands in the record itself may have been changed too.
    """

    kind: Broken
    block: int | None = None
    last_block: int | None = None
    source: Source | None = None
    record: str | None = None
    case: str | None = None
    revision: int | None = None
    action: str | None = None
    subject: str | None = None
    fields: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Kept(msgspec.Struct, frozen=True):
    """A block that was noted elsewhere: its number and its hash."""

    number: int
    hash: str


@dataclass(slots=True)
class Verification:
    """A chain under verification; what it came to stands there once the findings were read."""

    tenant: str
    kept: Kept | None
    progress: Progress
    _seals: Seals
    _recordings: Recordings
    is_whole: bool = True
    records: int = 0
    blocks: int = 0
    waiting: int = 0
    """Records that are not sealed yet, as none of them need be."""
    head: Head | None = None
    """The last block, where it is as it was made."""
    _kept_is_there: bool = False
    _sealed_till: datetime | None = None
    _of: int = field(default=0)

    async def findings(self) -> AsyncGenerator[Finding, None]:
        """Everything that is wrong, as it is found."""
        self._of = await self._recordings.count(self.tenant)
        for part_of in (self._chain(), self._head_kept(), self._unsealed()):
            async with aclosing(part_of) as found:
                async for finding in found:
                    self.is_whole = False
                    yield finding

    async def _chain(self) -> AsyncGenerator[Finding, None]:
        expected, before = 1, FIRST
        async for data in self._seals.blocks(self.tenant):
            block = _readable(data)
            if block is None:
                yield Finding(kind=Broken.BLOCK_CHANGED, block=expected)
                expected, before = expected + 1, ""
                continue
            if block.number < expected:
                yield Finding(kind=Broken.BLOCK_OUT_OF_PLACE, block=block.number)
                continue
            if block.number > expected:
                yield Finding(
                    kind=Broken.BLOCK_MISSING, block=expected, last_block=block.number - 1
                )
                before = ""
            is_genuine = hash_of(data) == block.hash
            if not is_genuine:
                yield Finding(kind=Broken.BLOCK_CHANGED, block=block.number)
            elif before and block.previous != before:
                yield Finding(kind=Broken.BLOCK_OUT_OF_PLACE, block=block.number)
            if is_genuine and self.kept == Kept(block.number, block.hash):
                self._kept_is_there = True
            async for finding in self._records(block):
                yield finding
            expected, before = block.number + 1, block.hash
            self.head = block.head if is_genuine else None
            self._sealed_till = max(one.record.generation_time for one in block.entries)
            self.blocks += 1
            self.records += len(block.entries)
            self.progress(self.records, max(self.records, self._of))

    async def _records(self, block: Block) -> AsyncGenerator[Finding, None]:
        ids: dict[Source, list[ObjectId]] = defaultdict(list)
        for one in block.entries:
            ids[one.source].append(one.record)
        stored = await self._recordings.named(ids, exactly(tenant=self.tenant))
        gone = {
            source: [record for record in records if record not in stored]
            for source, records in ids.items()
        }
        # one that is not there may be somebody else's by now
        stored |= await self._recordings.named(gone, {})
        for one in block.entries:
            found = stored.get(one.record)
            if found is None:
                yield Finding(
                    kind=Broken.RECORD_MISSING,
                    block=block.number,
                    source=one.source,
                    record=str(one.record),
                )
            elif sha256(found.data).hexdigest() != one.digest:
                yield _changed(block.number, one, found)

    async def _head_kept(self) -> AsyncGenerator[Finding, None]:
        if self.kept is not None and not self._kept_is_there:
            yield Finding(kind=Broken.HEAD_GONE, block=self.kept.number)

    async def _unsealed(self) -> AsyncGenerator[Finding, None]:
        """What no block holds although everything of its time is sealed.

        The mark tells what is merely not sealed yet: that is still in the feed behind it. Where
        there is no mark, somebody is looking for what is not sealed, and has not found it yet.
        """
        suspects: list[tuple[Source, object]] = []
        async for source, ids in self._recordings.ids(self.tenant):
            suspects += [(source, one) for one in await self._loose(ids)]
        if not suspects:
            return
        mark = await self._recordings.mark()
        try:
            coming = set() if mark is None else set(await self._pending_since(mark))
        except MarkLost:
            mark, coming = None, set()
        # what came into a block meanwhile had only to wait for it
        still = set(await self._loose([record for _, record in suspects]))
        for source, record in suspects:
            if record not in still:
                continue
            if mark is None or (record in coming and not self._is_of_old(record)):
                self.waiting += 1
                continue
            found = await self._recordings.named({source: [record]}, exactly(tenant=self.tenant))
            values = values_of(found[cast(ObjectId, record)].data) if found else {}
            yield _told(Broken.RECORD_UNSEALED, None, source, str(record), values)

    async def _pending_since(self, mark: Mark) -> list[ObjectId]:
        return [record for _, record in await self._recordings.pending(self.tenant, mark)]

    async def _loose(self, ids: Sequence[object]) -> list[object]:
        """Those of which no block knows."""
        loose: list[object] = []
        for begin in range(0, len(ids), PAGE):
            page = ids[begin : begin + PAGE]
            known = [one for one in page if isinstance(one, ObjectId)]
            sealed = await self._seals.sealed(self.tenant, known)
            loose += [one for one in page if one not in sealed]
        return loose

    def _is_of_old(self, record: object) -> bool:
        """Whether a record gives itself out for older than what the last block holds."""
        if self._sealed_till is None or not isinstance(record, ObjectId):
            return False
        return record.generation_time < self._sealed_till - LATE


class Verifier:
    """Verifies the chains of tenants; it reads, and changes nothing."""

    def __init__(self, database: Database, patience: Patience | None = None) -> None:
        self._seals = Seals(database, patience)
        self._recordings = Recordings(database, patience)

    def verify(
        self, tenant: str, kept: Kept | None = None, progress: Progress = lambda done, of: None
    ) -> Verification:
        """The verification of a chain, which must still hold a block that was kept elsewhere."""
        return Verification(tenant, kept, progress, self._seals, self._recordings)


def _readable(data: bytes) -> Block | None:
    try:
        return read(data)
    except (msgspec.ValidationError, ValueError):
        return None


def _changed(block: int, sealed: Seal, found: Recorded) -> Finding:
    """What differs between a record and its seal."""
    now = [(one.name, part(one.data)) for one in elements(found.data)]
    size = 2 * PART_BYTES
    then = [sealed.parts[at : at + size] for at in range(0, len(sealed.parts), size)]
    if len(now) == len(then):
        fields = [name for (name, made), was in zip(now, then, strict=True) if made != was]
        removed: list[str] = []
    else:
        fields, removed = _apart(then, now, _FORMS[sealed.source])
    told = _told(
        Broken.RECORD_CHANGED, block, sealed.source, str(sealed.record), values_of(found.data)
    )
    return msgspec.structs.replace(told, fields=tuple(fields), removed=tuple(removed))


_FORMS: Final = {
    source: ("_id", *form.__struct_fields__)
    for source, form in (
        (Source.JOURNAL, Record),
        (Source.ADMINISTRATION, AdministrativeRecord),
    )
}
"""The fields of a record in the order in which they are stored."""
_MAY_LACK: Final = ("decided_on", "claims", "references")


def _apart(
    then: Sequence[str], now: Sequence[tuple[str, str]], form: Sequence[str]
) -> tuple[list[str], list[str]]:
    """What was changed or put in, and what is gone, as far as that follows from its place."""
    fields: list[str] = []
    removed: list[str] = []
    made = [part_of for _, part_of in now]
    names = [name for name, _ in now]
    for kind, i, i_end, j, j_end in SequenceMatcher(None, then, made, False).get_opcodes():
        if kind == "equal":
            continue
        fields += names[j:j_end]
        gone = (i_end - i) - (j_end - j)
        begin = form.index(names[j - 1]) + 1 if j and names[j - 1] in form else 0
        end = form.index(names[j_end]) if j_end < len(names) and names[j_end] in form else None
        lacking = [name for name in form[begin:end] if name not in names]
        if len(lacking) > gone:
            lacking = [name for name in lacking if name not in _MAY_LACK]
        if len(lacking) == gone:
            removed += lacking
    return fields, removed


def _told(
    kind: Broken, block: int | None, source: Source, record: str, values: Document
) -> Finding:
    revision = values.get("revision")
    return Finding(
        kind=kind,
        block=block,
        source=source,
        record=record,
        case=_text(values, "case"),
        revision=int(revision) if isinstance(revision, int) else None,
        action=_text(values, "action"),
        subject=_text(values, "subject"),
    )


def _text(values: Document, name: str) -> str | None:
    value = values.get(name)
    return value if isinstance(value, str) else None
