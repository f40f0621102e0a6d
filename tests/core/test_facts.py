"""Intake: a facts document read into typed values, or refused with every path at fault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from avoir.conditions import Situation
from avoir.facts import Intake, Source, read, unit_of
from avoir.kinds import LONGEST_LIST, LONGEST_TEXT, kind_of
from avoir.money import Money, currency
from tests.core.bits import POUND
from tests.core.document import CRONO, HOSTILE, Colour, F, Part, Thing


def taken(**document: object) -> Intake:
    """A document, read in Paris."""
    return read(document, F, "Europe/Paris")


def paths(**document: object) -> list[str]:
    """The paths at fault in a document."""
    return [fault.path for fault in taken(**document).faults]


# --- what is declared


def test_facts_are_named_by_their_paths() -> None:
    """A fact's path follows its groups; a name replaces the attribute in it."""
    assert F.lead.inner.deep.path == "lead.inner.deep"
    assert F.lead.kind_.path == "lead.case"
    assert F.at.path == "at"
    assert "lead.case" in F.by_path
    assert [fact.path for fact in F.lead.facts()] == ["lead.case", "lead.id", "lead.inner.deep"]
    assert list(F.by_path) == sorted(F.by_path)


def test_each_fact_has_a_source() -> None:
    """A group's source holds for its facts, unless a nested group or a fact has its own."""
    sources = {path: F.by_path[path].source for path in ("lead.id", "lead.inner.deep", "said")}
    assert sources == {
        "lead.id": Source.RECORD,
        "lead.inner.deep": Source.BUSINESS,
        "said": Source.PARTY,
    }
    assert F.lead.kind_.source is Source.PARTY
    assert F.at.source is Source.CLOCK


# --- what is read


def test_every_kind_is_read() -> None:
    """A value of each kind becomes typed, exact, and local."""
    found = taken(
        lead={"id": "L-1", "case": "a", "inner": {"deep": "é"}},
        at="2025-03-03T10:00:00-05:00",
        on="2025-03-03",
        said="",
        sure=False,
        n=9,
        rate="0.10",
        price="12.30",
        fee={"amount": "7", "unit": "JPY"},
        points="3",
        colour="red",
        colours=["green", "red", "green"],
        things=[{"at": "2025-01-01T00:00:00Z", "parts": [{"n": 1}, {}], "part": {}}, {}],
        moments=[],
        words=["b", "a"],
    )
    assert found.faults == ()
    assert found.values == {
        "lead.id": "L-1",
        "lead.case": "a",
        "lead.inner.deep": "é",
        "at": datetime(2025, 3, 3, 15, tzinfo=UTC),
        "on": date(2025, 3, 3),
        "said": "",
        "sure": False,
        "n": 9,
        "rate": Decimal("0.10"),
        "price": Money(1230, POUND),
        "fee": Money(7, currency("JPY")),
        "points": Money(3, CRONO),
        "colour": Colour.RED,
        "colours": frozenset(Colour),
        "things": (
            Thing(at=datetime(2025, 1, 1, tzinfo=UTC), parts=(Part(n=1), Part()), part=Part()),
            Thing(),
        ),
        "moments": (),
        "words": ("b", "a"),
    }
    at = found.values["at"]
    assert isinstance(at, datetime)
    assert at.isoformat() == "2025-03-03T16:00:00+01:00"


def test_the_stated_zone_is_that_of_all_instants() -> None:
    """A document may state its zone, wherever it stands in the document."""
    found = taken(at="2025-03-03T10:00:00Z", time_zone="Asia/Tokyo")
    assert found.time_zone == "Asia/Tokyo"
    at = found.values["at"]
    assert isinstance(at, datetime)
    assert at.isoformat() == "2025-03-03T19:00:00+09:00"
    assert taken().time_zone == "Europe/Paris"


def test_null_is_unknown_everywhere() -> None:
    """A null fact, group, field or zone is what was not stated; it is no fault and no value."""
    names = {path.partition(".")[0] for path in F.by_path}
    assert taken(**dict.fromkeys(names)) == taken()
    assert taken(lead={"id": None, "inner": None}) == taken()
    assert taken(things=[dict.fromkeys(Thing.__struct_fields__)]).values == {"things": (Thing(),)}


@pytest.mark.parametrize(
    "part",
    [{}, {"amount": "1.00"}, {"unit": "CAD"}, {"amount": None, "unit": None}, {"amount": "x"}],
)
def test_an_amount_of_which_a_part_is_unknown_is_unknown(part: Mapping[str, object]) -> None:
    """Half an amount is no amount yet and no fault, by itself or in an entry of a list."""
    assert taken(fee=part) == taken()
    assert taken(things=[{"fee": part}]).values == {"things": (Thing(),)}


def test_a_term_of_a_fact_reads_its_value() -> None:
    """A fact is a term: its value in a situation, and its path where it is unknown."""
    here = Situation(taken(fee={"amount": "1", "unit": "EUR"}).values, {})
    assert F.fee.value(here) == Money(100, currency("EUR"))
    assert unit_of(F.fee).value(here) == "EUR"
    assert F.said.value(here) is None
    assert F.said.unknown(here) == ("said",)
    assert unit_of(F.price).unknown(here) == ("price",)


# --- what is refused


WRONG: Mapping[str, tuple[object, ...]] = {
    "said": (1, True, [], {}, "a\0b", "\ud800", "x" * (LONGEST_TEXT + 1), "x" * 1_000_000),
    "sure": (0, 1, "true", "", [], {}),
    "n": (0, 10, -1, 10**400, -(10**400), 1.0, 1.5, "1", True, [1], float("nan"), float("inf")),
    "rate": (1, 0.5, "1e3", "NaN", "", "1_0", " 1", True, {}, "\ud800", "1" * 5000),
    "price": (1, 1.5, "0", "0.00", "-1", "1.001", "1e2", "9" * 19, "9" * 40, {"amount": "1"}, []),
    "points": ("0.5", 3, "-0.1", "+3", "３"),
    "on": (
        *("2025-02-29", "2025-3-1", "20250301", "2025-03-01T00:00:00Z", 20250301, "", "\ud800"),
        *("0000-01-01", "10000-01-01", "1899-12-31", "2200-01-01", "x" * 100_000, True),
    ),
    "at": (
        *("2025-03-03T10:00:00", "2025-03-03", "now", "", 0, 1_700_000_000, True, "\ud800"),
        *("0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "1899-12-31T23:59:59Z"),
        *("2200-01-01T00:00:00Z", "2025-03-03T25:00:00Z", "2025-03-03T10:00:00+99:00"),
        *("2025-03-03T10:00:00Z" * 3, "x" * 1_000_000),
    ),
    "colour": ("RED", "", "blue", 1, [], {}, "\ud800", "__class__"),
    "colours": ("red", {"red": True}, 1),
    "things": ({}, "[]", 1),
    "moments": ("2025-03-03T10:00:00Z", {}),
    "words": ("word", {}, [["a"]] * (LONGEST_LIST + 1)),
    "fee": ("1.00", 1, [], True),
    "lead": ("L-1", [], 1, True, ""),
    "time_zone": ("", "Nowhere", "Europe", "../UTC", 1, [], "\0", "\ud800", "x" * 100_000, True),
}


@pytest.mark.parametrize("path", WRONG)
def test_a_wrong_value_is_a_fault_at_its_path(path: str) -> None:
    """A value of another kind, out of bounds, or impossible is named by its path, and not read."""
    for value in WRONG[path]:
        found = taken(**{path: value})
        assert [fault.path for fault in found.faults] == [path], value
        assert found.values == {}


def test_a_fault_in_a_list_names_the_entry() -> None:
    """Faults within lists and entries carry the index and the field, all of them at once."""
    assert paths(
        things=[
            {"at": "x", "colour": "red"},
            {},
            {"parts": [{"n": -1}, {"n": 1, "m": 2}], "part": {"n": "1"}, "rate": 0.5},
            None,
            {"fee": {"amount": 1, "unit": "EUR", "tip": 1}, "other": 1},
        ],
        colours=["red", "blue", 3],
        moments=["2025-01-01T00:00:00Z", "later", None],
        words=["a", "\0"],
    ) == [
        "things[0].at",
        "things[2].rate",
        "things[2].parts[0].n",
        "things[2].parts[1].m",
        "things[2].part.n",
        "things[3]",
        "things[4].other",
        "things[4].fee.tip",
        "things[4].fee.amount",
        "colours[1]",
        "colours[2]",
        "moments[1]",
        "moments[2]",
        "words[1]",
    ]


def test_every_fault_of_a_document_is_named() -> None:
    """One reading names all faults, in the order of the document, each path once."""
    assert paths(
        said=1, lead={"id": 2, "inner": [], "nope": None}, other={"a": {"b": 1}}, time_zone="X", n=0
    ) == ["time_zone", "said", "lead.id", "lead.inner", "lead.nope", "other", "n"]


def test_every_fault_of_an_amount_is_named() -> None:
    """Of an amount, the unit, the amount, and what does not belong are named apart."""
    assert paths(fee={"amount": "1.001", "unit": "EUR"}) == ["fee.amount"]
    assert paths(fee={"amount": "-1", "unit": "EUR"}) == ["fee.amount"]
    assert paths(fee={"amount": "1", "unit": "eur"}) == ["fee.unit"]
    assert paths(fee={"amount": "1", "unit": 5}) == ["fee.unit"]
    assert paths(fee={"amount": 1.5, "unit": "EUR", "x": 1}) == ["fee.x", "fee.amount"]
    assert paths(fee={"amount": 1.5}) == ["fee.unit"]


def test_an_unknown_path_is_a_fault() -> None:
    """A key that is no fact is refused, with a path that is short and plain text."""
    for key in HOSTILE:
        for found in (taken(**{key: "x"}), taken(**{key: {"id": "x"}}), taken(**{key: None})):
            (fault,) = found.faults
            assert found.values == {}
            assert len(fault.path) <= 200
            fault.path.encode()
        for path in paths(lead={key: 1}, things=[{key: 1}], fee={key: 1}):
            assert len(path) <= 240
            path.encode()
        assert len(paths(lead={key: 1}, things=[{key: 1}])) == 2


def test_a_path_written_as_one_key_is_no_fact() -> None:
    """A fact is stated in its group only: no flat key slips past what the records know."""
    found = taken(**{"lead.id": "mine", "lead": {"id": "theirs"}})
    assert found.values == {"lead.id": "theirs"}
    assert [fault.path for fault in found.faults] == ["lead.id"]


@pytest.mark.parametrize("document", [None, [], "x", 1, 1.5, True, [{}], "{}"])
def test_a_document_is_an_object(document: object) -> None:
    """What is no object is one fault, at the document itself."""
    found = read(document, F, "Europe/Paris")
    assert [fault.path for fault in found.faults] == [""]
    assert found.values == {}


def test_deep_nesting_is_not_followed() -> None:
    """Data nested a hundred thousand deep is refused where it leaves the known paths."""
    deep: Any = "bottom"
    for _ in range(100_000):
        deep = {"lead": deep, "id": [deep]}
    assert paths(lead=deep) == ["lead.lead", "lead.id"]
    listed: Any = []
    for _ in range(100_000):
        listed = [listed]
    assert paths(words=listed, said=listed, things=[{"parts": listed}]) == [
        "words[0]",
        "said",
        "things[0].parts[0]",
    ]


def test_a_long_list_is_refused_as_a_whole() -> None:
    """A list longer than any business keeps is refused before its entries are read."""
    assert paths(words=["a"] * LONGEST_LIST) == []
    assert paths(words=[1] * (LONGEST_LIST + 1)) == ["words"]


def test_a_decimal_is_read_whatever_its_length() -> None:
    """An exact number has up to 19 digits before the point and 18 after it, and keeps them."""
    for number in ("9999999999.99", "0.1234567890", "1234567890123456789.123456789012345678", "-3"):
        assert taken(rate=number).values == {"rate": Decimal(number)}


def test_only_declared_types_make_an_entry() -> None:
    """A field of a type that no kind reads is a mistake in the policy."""
    with pytest.raises(TypeError, match="no kind of fact reads"):
        kind_of(complex)
