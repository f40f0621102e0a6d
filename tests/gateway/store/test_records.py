"""The form of a record, and what may not stand in one."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import cast

import bson
import msgspec
import pytest
from bson.int64 import Int64
from bson.raw_bson import RawBSONDocument
from hypothesis import given, settings
from hypothesis import strategies as st
from pymongo.errors import WriteError

from avoir_gateway.store import (
    JSON,
    Database,
    Journal,
    Lasting,
    NotStorable,
    Record,
    Unreadable,
    canonical,
    digest,
    to_milliseconds,
)
from avoir_gateway.store.documents import CODEC, DEEPEST, Document, encode, exactly, storable
from avoir_gateway.store.records import from_document, to_document
from tests.gateway.store.specimens import BALANCE, NOON, entry, full_record, record


async def test_a_record_is_read_as_it_was_written(journal: Journal) -> None:
    """Every part of a record comes back equal, with instants aware and in UTC."""
    written = full_record()
    await journal.append(written)
    read = await journal.latest(written.tenant, written.case)
    assert read == written
    assert read is not None
    assert read.at.tzinfo is UTC
    assert read.deadlines[0].ends_at.tzinfo is UTC
    assert type(read.recommendation["amount"]["amount"]) is int  # type: ignore[index,call-overload]


async def test_the_digest_survives_the_store(journal: Journal) -> None:
    """The canonical bytes of a record are the same before it is stored and after."""
    written = full_record()
    await journal.append(written)
    read = await journal.latest(written.tenant, written.case)
    assert read is not None
    assert canonical(read) == canonical(written)
    assert len(digest(read)) == 64


def test_the_canonical_form_knows_no_order_of_keys() -> None:
    """Two records that differ in the order of keys only have one digest."""
    one = record(key="k", case="c", facts={"a": 1, "b": {"x": 1, "y": 2}})
    other = msgspec.structs.replace(one, facts={"b": {"y": 2, "x": 1}, "a": 1})
    assert digest(one) == digest(other)


def test_the_canonical_form_knows_no_zone() -> None:
    """An instant written in another zone is the same instant, and gives the same digest."""
    one = full_record()
    there = timezone(timedelta(hours=-5))
    other = msgspec.structs.replace(
        one,
        at=one.at.astimezone(there),
        deadlines=tuple(
            msgspec.structs.replace(deadline, ends_at=deadline.ends_at.astimezone(there))
            for deadline in one.deadlines
        ),
    )
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    "change",
    [
        {"revision": 2},
        {"state": "approved"},
        {"facts": {"a": 1}},
        {"entries": (entry(1),)},
        {"claims": ("lead:L-1",)},
        {"at": NOON + timedelta(milliseconds=1)},
    ],
)
def test_the_digest_sees_every_change(change: dict[str, object]) -> None:
    """A record that differs in anything has another digest."""
    one = record()
    assert digest(one) != digest(msgspec.structs.replace(one, **change))


def test_every_number_is_64_bits_wide() -> None:
    """No integer goes to the store in 32 bits, in the facts neither."""
    numbers: list[object] = []

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for item in value.values():
                collect(item)
        elif isinstance(value, list):
            for item in value:
                collect(item)
        elif isinstance(value, int) and not isinstance(value, bool):
            numbers.append(value)

    collect(to_document(full_record()))
    assert len(numbers) >= 8
    assert all(type(number) is Int64 for number in numbers)


def test_empty_claims_and_references_are_left_out() -> None:
    """A document without claims has no such field: a unique index takes a missing one for null."""
    document = to_document(record())
    assert "claims" not in document
    assert "references" not in document
    assert from_document({"_id": 1, **document}).claims == ()


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"fee": 1.5}, "facts.fee"),
        ({"steps": [{"hours": float("nan")}]}, "facts.steps[0].hours"),
        ({"n": 2**63}, "facts.n"),
        ({"n": -(2**63) - 1}, "facts.n"),
        ({"a": {"$where": "1"}}, "facts.a"),
        ({"$ne": None}, "facts"),
        ({"a": {"x\0y": 1}}, "facts.a"),
        ({"note": "\ud800"}, "facts.note"),
        ({"a": {"\udfff": 1}}, "facts.a"),
    ],
)
def test_what_may_not_be_stored_is_refused_with_its_path(
    facts: dict[str, object], path: str
) -> None:
    """Floats, numbers over 64 bits, dollar keys, NUL in keys and lone surrogates are refused."""
    with pytest.raises(NotStorable) as refusal:
        to_document(record(facts=cast(dict[str, JSON], facts)))
    assert refusal.value.path == path
    assert path in str(refusal.value)


@pytest.mark.parametrize("value", [Decimal("1.5"), b"x", {1, 2}, object()])
def test_what_is_no_json_is_refused(value: object) -> None:
    """A value that is no JSON is not turned into something else."""
    with pytest.raises(NotStorable):
        storable({"a": value})


def test_what_lasts_is_stored_as_what_it_is() -> None:
    """A part that is encoded once comes to the same bytes as one that is not, and is as strict."""
    part: dict[str, JSON] = {"id": "C-1", "text": "é", "lines": [1, 2], "of": {"n": None}}
    told: list[JSON] = [Lasting(part), {"clause": Lasting(part), "status": "met"}]
    plain: list[JSON] = [part, {"clause": part, "status": "met"}]
    lasting = msgspec.structs.replace(record(), decision={"cited": told})
    ordinary = msgspec.structs.replace(lasting, decision={"cited": plain})
    assert encode(to_document(lasting)) == encode(to_document(ordinary))
    assert digest(lasting) == digest(ordinary)
    with pytest.raises(NotStorable) as refusal:
        Lasting(cast(dict[str, JSON], {"fee": [1.5]}))
    assert refusal.value.path == "fee[0]"


async def test_dotted_keys_and_odd_texts_are_data(journal: Journal) -> None:
    """Dots in keys, empty keys, dollar signs and NUL in texts are stored as they are."""
    facts: dict[str, JSON] = {
        "a.b": {"": 1, "c.$d": "$where"},
        "text": "\0 \u202e ; {'$gt': ''}",
    }
    written = record(facts=facts)
    await journal.append(written)
    read = await journal.latest(written.tenant, written.case)
    assert read is not None
    assert read.facts == facts


def test_facts_nested_too_deeply_are_refused() -> None:
    """Nesting ends with an error that says so, before the stack or the store does."""
    deep: JSON = 1
    for _ in range(DEEPEST * 2):
        deep = [deep]
    with pytest.raises(NotStorable, match="nested"):
        to_document(record(facts={"deep": deep}))
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(NotStorable):
        to_document(record(facts={"deep": deep}))


async def test_the_deepest_facts_allowed_are_taken(journal: Journal) -> None:
    """What passes the check on nesting passes the store's own."""
    deep: JSON = 1
    for _ in range(DEEPEST - 2):
        deep = {"a": deep}
    written = record(facts={"deep": deep})
    await journal.append(written)
    assert await journal.latest(written.tenant, written.case) == written


def test_a_record_too_large_is_refused_before_it_is_sent() -> None:
    """A record that the store would refuse for its size is refused with the figures."""
    with pytest.raises(NotStorable, match="bytes, at most"):
        encode(to_document(record(facts={"note": "x" * 17_000_000})))


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (datetime(2026, 3, 2, 12), "no time zone"),
        (datetime(2026, 3, 2, 12, 0, 0, 1, UTC), "finer than a millisecond"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), "outside the years"),
    ],
)
def test_instants_are_aware_and_no_finer_than_the_store(at: datetime, reason: str) -> None:
    """An instant that would come back as another one is refused."""
    with pytest.raises(NotStorable, match=reason) as refusal:
        to_document(record(at=at))
    assert refusal.value.path == "at"


def test_an_instant_is_cut_to_milliseconds() -> None:
    """The moment of the clock is cut, not rounded into the future."""
    assert to_milliseconds(NOON.replace(microsecond=999_999)).microsecond == 999_000


def test_one_account_stands_in_one_entry() -> None:
    """Two entries of one account in one record are refused: no index would reject them."""
    with pytest.raises(NotStorable) as refusal:
        to_document(record(entries=(entry(1), entry(2))))
    assert refusal.value.path == "entries[1].account"


def test_the_house_has_no_entries() -> None:
    """The business's side stands in the postings only."""
    with pytest.raises(NotStorable):
        to_document(record(entries=(entry(1, "house:fees"),)))


@pytest.mark.parametrize("name", ["claims", "references"])
def test_a_claim_stands_once(name: str) -> None:
    """A claim or reference twice in one record is refused: no index would reject it."""
    with pytest.raises(NotStorable) as refusal:
        to_document(msgspec.structs.replace(record(), **{name: ("x", "x")}))
    assert refusal.value.path == name


def test_a_newer_form_is_not_misread() -> None:
    """A record of a form that came after this code is refused, and so is a damaged one."""
    document = {"_id": "r-1", **to_document(record())}
    with pytest.raises(Unreadable, match=r"r-1.*newer"):
        from_document({**document, "schema": Int64(2)})
    with pytest.raises(Unreadable, match="revision"):
        from_document({**document, "revision": "one"})


def _raw(**changes: object) -> RawBSONDocument:
    return RawBSONDocument(encode(to_document(full_record()) | changes))


def _posting(**changes: object) -> list[Document]:
    postings = cast(list[Document], to_document(full_record())["postings"])
    return [postings[0] | changes]


def _entry(**changes: object) -> list[Document]:
    values: Document = {
        "account": BALANCE,
        "seq": Int64(1),
        "amount": Int64(5),
        "balance": Int64(5),
        "unit": "CAD",
    }
    return [values | changes]


@pytest.mark.parametrize(
    "changes",
    [
        {"entries": _entry(amount=5.0)},
        {"entries": _entry(balance=5)},
        {"entries": _entry(seq=Int64(0))},
        {"entries": _entry(seq=1.0)},
        {"entries": _entry() + _entry(seq=Int64(2))},
        {"entries": _entry(extra=1)},
        {"postings": _posting(amount=100.0)},
        {"postings": _posting(amount=100)},
        {"revision": 1},
        {"revision": Int64(0)},
        {"revision": 1.0},
        {"claims": []},
        {"claims": None},
        {"claims": ["a", "a"]},
        {"references": []},
        {"tenant": ""},
        {"tenant": {"$ne": None}},
        {"at": "2026-03-02"},
        {"schema": 1},
        {"surprise": 1},
        {"command": {"by": "a", "key": "k", "fingerprint": "f"}},
    ],
    ids=repr,
)
async def test_the_validator_refuses_what_goes_round_the_encoder(
    database: Database, journal: Journal, changes: Document
) -> None:
    """What is written past this code meets the validator: 64 bits, no floats, no empty claims."""
    await database["journal"].insert_one(_raw())
    with pytest.raises(WriteError) as refusal:
        await database["journal"].insert_one(_raw(**changes))
    assert refusal.value.code == 121


async def test_a_record_that_the_validator_refuses_is_named(journal: Journal) -> None:
    """A record with an empty id is refused as one that cannot be stored, with the reason."""
    with pytest.raises(NotStorable, match="minLength"):
        await journal.append(record(tenant=""))


async def test_hostile_values_are_no_operators(journal: Journal) -> None:
    """An operator in the place of a value matches nothing, whatever the types promise."""
    written = record(claims=("c",), references=("r",), entries=(entry(1),))
    await journal.append(written)
    operator = cast(str, {"$ne": None})
    tenant, command = written.tenant, written.command
    assert await journal.by_key(tenant, command.by, operator) is None
    assert await journal.by_key(operator, command.by, command.key) is None
    assert await journal.latest(tenant, operator) is None
    assert await journal.claimed(tenant, operator) is None
    with pytest.raises(TypeError):
        await journal.carrying([(tenant, operator)])
    assert await journal.balance(tenant, operator) is None
    assert exactly(command__key={"$gt": ""}) == {"command.key": {"$eq": {"$gt": ""}}}


_LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=20)
_KEYS = st.text(max_size=8)
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(_KEYS, _JSON, max_size=4))
def test_any_facts_come_back_or_are_refused(facts: dict[str, JSON]) -> None:
    """Facts either survive the way through the store's own encoding or are refused by name."""
    written: Record = record(facts=facts)
    try:
        data = encode(to_document(written))
    except NotStorable:
        return
    read = from_document({"_id": 1, **bson.decode(data, CODEC)})
    assert read == written
    assert digest(read) == digest(written)
