"""Verifying: whatever is changed after it was sealed is found, and named."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from bson.int64 import Int64
from bson.objectid import ObjectId
from bson.raw_bson import RawBSONDocument
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo.errors import DuplicateKeyError

from avoir_gateway.store import Administration, Database, Journal
from avoir_gateway.store.documents import Document
from avoir_gateway.store.elements import as_bytes, document_of, elements, values_of
from avoir_gateway.store.records import to_document
from avoir_gateway.store.sealing import Sealing
from avoir_gateway.store.seals import Seals, hash_of
from avoir_gateway.store.verifying import Broken, Kept
from tests.gateway.audit.conftest import Verify
from tests.gateway.audit.orders import order, write
from tests.gateway.store.specimens import append_all, full_record, record

FIELDS = tuple(to_document(full_record()))
OF_AN_ORDER = order().__struct_fields__


async def changed(database: Database, collection: str, where: Document, change: Document) -> None:
    """Change a document behind everybody's back."""
    made = await database.command(
        "update",
        collection,
        updates=[{"q": where, "u": change}],
        bypassDocumentValidation=True,
    )
    assert made["nModified"] == 1


async def exchanged(database: Database, collection: str, data: bytes) -> None:
    """Put these very bytes in the place of the document with the same id."""
    document = values_of(data)
    raw = as_bytes(database[collection])
    await raw.delete_one({"_id": document["_id"]})
    await raw.insert_one(
        RawBSONDocument(data),
        bypass_document_validation=True,
    )


async def bytes_of(database: Database, collection: str, where: Document) -> bytes:
    """A stored document."""
    found = await as_bytes(database[collection]).find_one(where)
    assert found is not None
    return bytes(found.raw)


def other(value: object) -> object:
    """A value of the same kind that is as little different as may be."""
    match value:
        case str():
            return value[:-1] + ("x" if value[-1:] != "x" else "y")
        case bool():
            return not value
        case int():
            return Int64(value + 1)
        case datetime():
            return value + timedelta(milliseconds=1)
        case list():
            return [*value[:-1], other(value[-1])] if value else ["x"]
        case dict():
            name = next(iter(value), None)
            return {"x": "y"} if name is None else {**value, name: other(value[name])}
        case None:
            return {"x": "y"}
    raise AssertionError(f"a {type(value).__name__}")


@pytest.fixture
async def sealed(
    database: Database, journal: Journal, administration: Administration, sealing: Sealing
) -> Database:
    """A tenant with three blocks, of two records and a change each, and another tenant."""
    await sealing.catch_up()
    for number in range(3):
        await append_all(journal, [record(), full_record() if number == 1 else record()])
        await write(administration, order())
        await append_all(journal, [record(tenant="t-2")])
        await sealing.catch_up()
    return database


async def test_a_whole_chain(sealed: Database, verify: Verify, seals: Seals) -> None:
    """Nothing is found where nothing was changed, and the head is that of the last block."""
    verification, findings = await verify()
    assert findings == []
    assert (verification.records, verification.blocks, verification.waiting) == (9, 3, 0)
    assert verification.head == await seals.head("t-1")
    verification, findings = await verify("t-9")
    assert (findings, verification.head, verification.records) == ([], None, 0)


@pytest.mark.parametrize("field", FIELDS)
async def test_a_changed_field_of_a_decision(sealed: Database, verify: Verify, field: str) -> None:
    """One value that is changed in any field of a record is found: the record, its case and its
    revision, its block, and the field; and the chain is whole again when it is put back."""
    found = await sealed["journal"].find_one({"claims": {"$exists": True}})
    assert found is not None
    where = {"_id": found["_id"]}
    await changed(sealed, "journal", where, {"$set": {field: other(found[field])}})
    _, (finding,) = await verify()
    assert finding.kind is Broken.RECORD_CHANGED
    assert (finding.block, finding.source, finding.record) == (2, "journal", str(found["_id"]))
    assert finding.fields == (field,)
    assert finding.removed == ()
    if field not in ("case", "revision"):
        assert (finding.case, finding.revision) == (found["case"], found["revision"])
    await changed(sealed, "journal", where, {"$set": {field: found[field]}})
    assert (await verify())[1] == []
    assert (await verify("t-2"))[1] == []


@pytest.mark.parametrize("field", OF_AN_ORDER)
async def test_a_changed_field_of_a_change(sealed: Database, verify: Verify, field: str) -> None:
    """The same holds for what was configured, which is named by its action and its subject."""
    found = await sealed["administration"].find_one({"tenant": "t-1"}, sort=[("_id", 1)])
    assert found is not None
    where = {"_id": found["_id"]}
    await changed(sealed, "administration", where, {"$set": {field: other(found[field])}})
    _, (finding,) = await verify()
    assert (finding.kind, finding.block) == (Broken.RECORD_CHANGED, 1)
    assert (finding.source, finding.fields) == ("administration", (field,))
    if field not in ("action", "subject"):
        assert (finding.action, finding.subject) == ("plugin.enable", "plugin:conxpros")


@pytest.mark.parametrize("field", FIELDS)
async def test_a_field_that_is_gone(sealed: Database, verify: Verify, field: str) -> None:
    """A field that was taken out is named; so is one that was put in."""
    where: Document = {"claims": {"$exists": True}}
    found = await sealed["journal"].find_one(where)
    assert found is not None
    where = {"_id": found["_id"]}
    await changed(sealed, "journal", where, {"$unset": {field: ""}})
    _, (finding,) = await verify()
    assert (finding.kind, finding.fields, finding.removed) == ("record_changed", (), (field,))
    await changed(sealed, "journal", where, {"$set": {"note": "a word"}})
    _, (finding,) = await verify()
    assert finding.kind is Broken.RECORD_CHANGED
    await changed(sealed, "journal", where, {"$set": {field: found[field]}})
    _, (finding,) = await verify()
    assert "note" in finding.fields


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_any_byte(sealed: Database, verify: Verify, data: st.DataObject) -> None:
    """One bit that is changed anywhere in the values of a record is found, and its field named."""
    genuine = await bytes_of(sealed, "journal", {"claims": {"$exists": True}})
    fields = list(elements(genuine))
    number = data.draw(st.integers(1, len(fields) - 1), "field")
    field = fields[number]
    if field.data[0] not in (0x02, 0x09, 0x12):
        return  # what lies deeper is changed in the other tests: the bytes have to stay a document
    begin = len(field.name) + 2 + (4 if field.data[0] == 0x02 else 0)
    end = len(field.data) - (1 if field.data[0] == 0x02 else 0)
    at = data.draw(st.integers(begin, end - 1), "byte")
    # texts stay texts
    bit = data.draw(st.integers(0, 3 if field.data[0] == 0x02 else 7), "bit")
    value = bytearray(field.data)
    value[at] ^= 1 << bit
    fields[number] = type(field)(field.name, bytes(value))
    try:
        await exchanged(sealed, "journal", document_of(fields))
        _, found = await verify()
    except DuplicateKeyError:
        return  # one bit away from another record: the store itself refuses that
    finally:
        await exchanged(sealed, "journal", genuine)
    assert [(one.kind, one.fields) for one in found] == [(Broken.RECORD_CHANGED, (field.name,))]


async def test_a_value_of_another_type(sealed: Database, verify: Verify) -> None:
    """A number that is stored in another way is another record, though it reads the same."""
    where: Document = {"tenant": "t-1", "claims": {"$exists": True}}
    await changed(sealed, "journal", where, {"$set": {"revision": 1.0}})
    _, (finding,) = await verify()
    assert finding.fields == ("revision",)


async def test_a_record_that_is_gone(sealed: Database, verify: Verify) -> None:
    """A record that was removed is named, with its block."""
    found = await sealed["journal"].find_one_and_delete({"claims": {"$exists": True}})
    assert found is not None
    _, (finding,) = await verify()
    assert (finding.kind, finding.block) == (Broken.RECORD_MISSING, 2)
    assert (finding.source, finding.record) == ("journal", str(found["_id"]))


async def inserted(database: Database, id: ObjectId) -> Document:
    """Put in a record that nobody decided, a copy of another."""
    found = await database["journal"].find_one({"tenant": "t-1"})
    assert found is not None
    command = {**found["command"], "key": "behind"}  # type: ignore[dict-item]
    made = {**found, "_id": id, "case": "behind", "command": command}
    await database["journal"].insert_one(made)
    return made


async def test_a_record_behind_the_back(sealed: Database, verify: Verify, sealing: Sealing) -> None:
    """A record that gives itself out for older than what is sealed is found; one of now waits for
    its block, and a copy of the feed's place that was moved over it does not hide it."""
    old = await inserted(sealed, ObjectId.from_datetime(datetime.now(UTC) - timedelta(days=1)))
    _, (finding,) = await verify()
    assert (finding.kind, finding.block) == (Broken.RECORD_UNSEALED, None)
    assert (finding.record, finding.case) == (str(old["_id"]), "behind")
    await sealed["journal"].delete_one({"_id": old["_id"]})
    await inserted(sealed, ObjectId())
    verification, findings = await verify()
    assert (findings, verification.waiting) == ([], 1)
    async with await sealed.watch(max_await_time_ms=1) as stream:
        await stream.try_next()
        token = stream.resume_token
    assert token is not None
    await sealed["marks"].update_one({"_id": "seals"}, {"$set": {"token": dict(token)}})
    _, (finding,) = await verify()
    assert (finding.kind, finding.case) == (Broken.RECORD_UNSEALED, "behind")


async def test_records_that_only_wait(
    database: Database, journal: Journal, sealing: Sealing, verify: Verify
) -> None:
    """What is not sealed yet is no finding: not before anything was, and not behind the mark."""
    await append_all(journal, [record(), record()])
    verification, findings = await verify()
    assert (findings, verification.waiting, verification.head) == ([], 2, None)
    await sealing.catch_up()
    await append_all(journal, [record()])
    verification, findings = await verify()
    assert (findings, verification.waiting, verification.records) == ([], 1, 2)


BLOCK_CHANGES: Mapping[str, Document] = {
    "previous": {"$set": {"previous": "f" * 64}},
    "sealed_at": {"$set": {"sealed_at": datetime(2026, 1, 1, tzinfo=UTC)}},
    "an entry less": {"$pop": {"entries": 1}},
    "a field more": {"$set": {"note": "x"}},
    "hash": {"$set": {"hash": "f" * 64}},
    "unreadable": {"$set": {"entries": "none"}},
}


@pytest.mark.parametrize("change", BLOCK_CHANGES)
async def test_a_changed_block(sealed: Database, verify: Verify, change: str) -> None:
    """A block in which anything was changed is named."""
    await changed(sealed, "seals", {"tenant": "t-1", "number": 2}, BLOCK_CHANGES[change])
    _, findings = await verify()
    assert (findings[0].kind, findings[0].block) == (Broken.BLOCK_CHANGED, 2)
    assert all(one.block in (2, 3) for one in findings if one.kind is not Broken.RECORD_UNSEALED)


async def test_a_digest_that_was_changed_too(sealed: Database, verify: Verify) -> None:
    """Who changes a record with its digest and the hash of the block breaks the next block's
    link; who makes all of them anew cannot give back a hash that was kept elsewhere."""
    kept = (await verify())[0].head
    assert kept is not None
    found = await sealed["journal"].find_one({"claims": {"$exists": True}})
    assert found is not None
    await changed(sealed, "journal", {"_id": found["_id"]}, {"$set": {"party": "professional:P-9"}})
    digest = sha256(await bytes_of(sealed, "journal", {"_id": found["_id"]})).hexdigest()
    where: Document = {"tenant": "t-1", "number": 2}
    await sealed["seals"].update_one(
        where | {"entries.record": found["_id"]}, {"$set": {"entries.$.digest": digest}}
    )
    made = hash_of(await bytes_of(sealed, "seals", where))
    await sealed["seals"].update_one(where, {"$set": {"hash": made}})
    _, (finding,) = await verify()
    assert (finding.kind, finding.block) == (Broken.BLOCK_OUT_OF_PLACE, 3)
    third: Document = {"tenant": "t-1", "number": 3}
    await sealed["seals"].update_one(third, {"$set": {"previous": made}})
    last = hash_of(await bytes_of(sealed, "seals", third))
    await sealed["seals"].update_one(third, {"$set": {"hash": last}})
    assert (await verify())[1] == []
    _, (finding,) = await verify(kept=Kept(kept.number, kept.hash))
    assert (finding.kind, finding.block) == (Broken.HEAD_GONE, 3)


async def test_a_block_that_is_gone(sealed: Database, verify: Verify) -> None:
    """A block that was removed is named, and the records that it held."""
    await sealed["seals"].delete_one({"tenant": "t-1", "number": 2})
    _, findings = await verify()
    assert (findings[0].kind, findings[0].block, findings[0].last_block) == ("block_missing", 2, 2)
    assert [one.kind for one in findings[1:]] == [Broken.RECORD_UNSEALED] * 3


async def test_two_blocks_that_were_exchanged(sealed: Database, verify: Verify) -> None:
    """Blocks that stand in each other's place are both named."""
    seals = sealed["seals"]
    await seals.update_one({"tenant": "t-1", "number": 1}, {"$set": {"number": Int64(99)}})
    await seals.update_one({"tenant": "t-1", "number": 2}, {"$set": {"number": Int64(1)}})
    await seals.update_one({"tenant": "t-1", "number": 99}, {"$set": {"number": Int64(2)}})
    _, findings = await verify()
    assert [(one.kind, one.block) for one in findings] == [
        (Broken.BLOCK_CHANGED, 1),
        (Broken.BLOCK_CHANGED, 2),
        (Broken.BLOCK_OUT_OF_PLACE, 3),
    ]


async def test_a_block_twice(sealed: Database, verify: Verify) -> None:
    """Where the index was taken away and a block stands twice, the second is named."""
    seals = sealed["seals"]
    await seals.drop_index("a_tenant_has_one_chain")
    await seals.drop_index("a_record_is_sealed_once")
    block = await seals.find_one({"tenant": "t-1", "number": 2})
    assert block is not None
    await seals.insert_one({**block, "_id": ObjectId()})
    await seals.create_index([("tenant", 1), ("entries.record", 1)], name="a_record_is_sealed_once")
    _, (finding,) = await verify()
    assert (finding.kind, finding.block) == (Broken.BLOCK_OUT_OF_PLACE, 2)


async def test_the_end_that_was_cut_off(
    sealed: Database, verify: Verify, journal: Journal, sealing: Sealing
) -> None:
    """The last block with all that it held can be cut off so that nothing shows but to one who
    has kept the head; another block in its place is not the one that was kept."""
    head = (await verify())[0].head
    assert head is not None
    kept = Kept(head.number, head.hash)
    assert (await verify(kept=kept))[1] == []
    last = await sealed["seals"].find_one_and_delete({"tenant": "t-1", "number": 3})
    assert last is not None
    for source in ("journal", "administration"):
        ids = [one["record"] for one in last["entries"]]  # type: ignore[attr-defined]
        await sealed[source].delete_many({"_id": {"$in": ids}})
    verification, findings = await verify()
    assert (findings, verification.blocks) == ([], 2)
    _, (finding,) = await verify(kept=kept)
    assert (finding.kind, finding.block) == (Broken.HEAD_GONE, 3)
    await append_all(journal, [record()])
    await sealing.catch_up()
    assert (await verify())[1] == []
    _, (finding,) = await verify(kept=kept)
    assert finding.kind is Broken.HEAD_GONE


async def test_a_record_that_was_given_to_another(sealed: Database, verify: Verify) -> None:
    """A record of which the tenant was changed is missed where it was, and loose where it is."""
    found = await sealed["journal"].find_one({"claims": {"$exists": True}})
    assert found is not None
    await changed(sealed, "journal", {"_id": found["_id"]}, {"$set": {"tenant": "t-2"}})
    _, (finding,) = await verify()
    assert (finding.kind, finding.fields) == (Broken.RECORD_CHANGED, ("tenant",))
    _, (finding,) = await verify("t-2")
    assert (finding.kind, finding.record) == (Broken.RECORD_UNSEALED, str(found["_id"]))


async def test_verifying_under_load(
    database: Database,
    journal: Journal,
    sealing: Sealing,
    verify: Verify,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While records are written and sealed, what merely waits for its block is never a finding."""
    monkeypatch.setattr("avoir_gateway.store.sealing.EVERY_SECONDS", 0.05)
    await sealing.catch_up()
    sealing.start()
    ends = False

    async def writing() -> None:
        while not ends:
            await asyncio.gather(*(journal.append(record()) for _ in range(8)))

    task = asyncio.create_task(writing())
    try:
        for _ in range(12):
            assert (await verify())[1] == []
    finally:
        ends = True
        await task
        await sealing.stop()
    await sealing.catch_up()
    verification, findings = await verify()
    assert (findings, verification.waiting) == ([], 0)
    assert verification.records == await database["journal"].count_documents({})
