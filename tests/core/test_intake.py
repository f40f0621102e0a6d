"""Taking documents in at one go: what the careful reader reads, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avoir.facts import Fact, Facts, read, read_carefully, read_json, text, zone_name
from avoir.kinds import FactsError, Fault, Text
from avoir.messages import Message
from tests.core.document import HOSTILE, F, Thing
from tests.core.test_any_json import documents, json_values

PARIS = "Europe/Paris"
ORDINARY: Mapping[str, Any] = {
    "at": "2025-10-26T00:30:00Z",
    "colour": "red",
    "colours": ["green", "red", "green"],
    "fee": {"amount": "7", "unit": "JPY"},
    "lead": {"id": "L-1", "case": "a", "inner": {"deep": "é"}},
    "moments": ["2025-10-26T01:30:00+00:00", "1900-01-01T00:00:00+14:00"],
    "n": 9,
    "on": "2199-12-31",
    "points": "3",
    "price": "12.30",
    "rate": "0.10",
    "said": "",
    "sure": False,
    "things": [
        {"at": "2025-01-01T00:00:00Z", "parts": [{"n": 1}, {}], "part": {}, "rate": "1.50"},
        {"fee": {"amount": "1.00", "unit": "EUR"}, "said": "é", "colour": "red", "sure": True},
        dict.fromkeys(Thing.__struct_fields__),
    ],
    "time_zone": "Asia/Tokyo",
    "words": ["b", "a"],
}


def taken_like_the_careful_reader(document: Any, facts: type[Facts], zone: str) -> None:
    """Both ways of taking a document in come to what the careful reader reads."""
    careful = read_carefully(document, facts, zone)
    assert read(document, facts, zone) == careful
    try:
        content = msgspec.json.encode(document)
    except (UnicodeEncodeError, RecursionError):  # no JSON in bytes
        return
    assert read_json(content, facts, zone) == read_carefully(json.loads(content), facts, zone)


def test_an_ordinary_document_is_taken_in_at_one_go() -> None:
    """Where nothing is off, the careful reader is not asked; instants are local once."""
    for taken in (
        F.taker().plain(ORDINARY, PARIS),
        F.taker().json(msgspec.json.encode(ORDINARY), PARIS),
    ):
        assert taken is not None
        values, zone = taken
        assert values == read_carefully(ORDINARY, F, PARIS).values
        assert zone == "Asia/Tokyo"
        at = values["at"]
        assert isinstance(at, datetime)
        assert (at, at.tzinfo) == (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), ZoneInfo(zone))


@pytest.mark.parametrize("path", [path for path in ORDINARY if path != "time_zone"])
def test_what_is_not_stated_is_unknown(path: str) -> None:
    """A fact, a group or a field that is left out, or null, is no value."""
    without = {key: value for key, value in ORDINARY.items() if key != path}
    for document in (without, {**ORDINARY, path: None}):
        assert F.taker().plain(document, PARIS) is not None
        taken_like_the_careful_reader(document, F, PARIS)


@given(documents)
@settings(max_examples=300)
def test_any_json_is_taken_in_as_the_careful_reader_reads_it(document: Any) -> None:
    """Whatever JSON comes in, values, faults and zone are those of the careful reader."""
    taken_like_the_careful_reader(document, F, PARIS)


@given(st.sampled_from(sorted(ORDINARY)), json_values)
@settings(max_examples=300)
def test_one_odd_value_in_an_ordinary_document_changes_nothing_else(path: str, odd: Any) -> None:
    """One value of another kind among ordinary ones: both readers come to the same."""
    taken_like_the_careful_reader({**ORDINARY, path: odd}, F, PARIS)


@given(st.sampled_from(sorted(ORDINARY["things"][1])), json_values)
def test_one_odd_value_in_an_entry_changes_nothing_else(name: str, odd: Any) -> None:
    """The same within an entry of a list."""
    things = [ORDINARY["things"][0], {**ORDINARY["things"][1], name: odd}]
    taken_like_the_careful_reader({**ORDINARY, "things": things}, F, PARIS)


@pytest.mark.parametrize("key", HOSTILE)
def test_no_key_slips_past(key: str) -> None:
    """A key that is no fact is the same fault for both, at the top, in a group, in an entry."""
    for document in (
        {**ORDINARY, key: "x"},
        {**ORDINARY, key: None},
        {**ORDINARY, "lead": {key: "x"}},
        {**ORDINARY, "things": [{key: "x"}]},
        {**ORDINARY, "fee": {"amount": "1", "unit": "EUR", key: None}},
    ):
        taken_like_the_careful_reader(document, F, PARIS)


@pytest.mark.parametrize("said", ["a\0b", "é", "\\", '"', "\N{GRINNING FACE}", "\x7f", "\ud800"])
def test_letters_that_are_no_text_are_found(said: str) -> None:
    """NUL and half a pair are found wherever text stands, however it was escaped."""
    for document in (
        {"said": said},
        {"words": ["a", said]},
        {"lead": {"inner": {"deep": said}}},
        {"things": [{"said": said}]},
    ):
        taken_like_the_careful_reader({**ORDINARY, **document}, F, PARIS)


def test_what_is_no_json_is_an_error() -> None:
    """Bytes that hold no JSON are an error of the caller; JSON that is no object is a fault."""
    for content in (b"", b"{", b'{"said": "\\ud800"}', b"\xff"):
        with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
            read_json(content, F, PARIS)
    assert [fault.path for fault in read_json(b"[]", F, PARIS).faults] == [""]


class Loud(Text):
    """A kind of a plugin's own, on top of one of ours."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> str:
        said = super().read(raw, path, local)
        if said.islower():
            raise FactsError(Fault(path, Message("must be loud")))
        return said


class Odd(Facts):
    """Facts with a kind of a plugin's own, and names that are none to Python."""

    time_zone = zone_name("zone")
    loud: Fact[str] = Fact(Loud(), "loud")
    from_ = text("from", name="from")
    dashed = text("dashed", name="first-name")


@pytest.mark.parametrize(
    "document", [{"loud": "HO", "from": "a", "first-name": "b"}, {"loud": "ho"}, {"loud": 1}]
)
def test_a_kind_of_its_own_reads_itself(document: Any) -> None:
    """What a plugin makes of a kind holds; names that Python does not take are names here."""
    taken_like_the_careful_reader(document, Odd, PARIS)
    assert (Odd.taker().plain(document, PARIS) is None) is (document["loud"] != "HO")
