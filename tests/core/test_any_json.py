"""Whatever JSON comes in is read, refused or decided, and never raises."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from avoir.cases import evaluate, merged
from avoir.clauses import Outcome
from avoir.facts import read
from tests.core import toy
from tests.core.document import HOSTILE, F, Thing

scalars: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**60), 10**60),
    st.floats(),
    st.text(st.characters(exclude_categories=()), max_size=8),
    st.sampled_from(["red", "EUR", "12.30", "0.5", "2025-03-03", "2025-03-03T10:00:00Z"]),
    st.sampled_from(["Asia/Tokyo", "1e3", "NaN", "\0", "\ud800", "2025-02-30", "bring_back"]),
)
keys = st.one_of(
    st.sampled_from([*F.by_path, "lead", "inner", "id", "deep", "case", "amount", "unit"]),
    st.sampled_from([*Thing.__struct_fields__, "n", *HOSTILE[:6]]),
    st.text(st.characters(exclude_categories=()), max_size=5),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=30,
)
documents = st.dictionaries(keys, json_values, max_size=10) | json_values


@given(documents)
@settings(max_examples=150)
def test_any_json_is_read_or_refused(document: Any) -> None:
    """No value of JSON raises: it is known by path, unknown, or a fault with a plain path."""
    found = read(document, F, "Europe/Paris")
    assert found.values.keys() <= F.by_path.keys()
    assert None not in found.values.values()
    named = [fault.path for fault in found.faults]
    assert len(named) == len(set(named))
    assert not set(named) & set(found.values)
    json.dumps(named, ensure_ascii=False).encode()
    assert read(document, F, "Europe/Paris") == found


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(F.by_path, json_values)))
@settings(max_examples=150)
def test_any_value_of_any_fact_is_read_or_refused(flat: dict[str, Any]) -> None:
    """Whatever is stated for a known fact is taken, unknown, or a fault at or below its path."""
    document: dict[str, Any] = {}
    for path, value in flat.items():
        *groups, last = path.split(".")
        place = document
        for name in groups:
            place = place.setdefault(name, {})
        place[last] = value
    found = read(document, F, "Europe/Paris")
    for path, value in flat.items():
        faults = [
            f for f in found.faults if f.path == path or f.path.startswith((path + ".", path + "["))
        ]
        assert bool(faults) + (path in found.values) <= 1
        if value is None:
            assert not faults
            assert path not in found.values
    assert all(any(f.path.startswith(path) for path in flat) for f in found.faults)


toy_keys = st.sampled_from([*{p for path in toy.F.by_path for p in path.split(".")}, "sharp", "x"])
toy_values = st.recursive(
    scalars | st.sampled_from(["faulty", "20.00", "2025-03-09T01:30:00+00:00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(toy_keys, inner, max_size=4),
    max_leaves=20,
)


toy_documents = st.dictionaries(toy_keys, toy_values, max_size=8)


@given(
    toy_values | toy_documents | toy_documents.map(lambda said: merged(toy.COMPLETE, said)),
    st.sampled_from(["bring_back", "return", "look_up", "sell", "standing", None]),
    st.sampled_from([None, *toy.S]),
)
@settings(max_examples=150)
def test_any_json_is_decided(document: Any, action: str | None, stored: str | None) -> None:
    """Whatever the document, an action comes to a decision and never to an exception."""
    decision = evaluate(toy.EDITION, action, document, stored=stored)
    assert decision.failure is None
    assert bool(decision.faults) is (decision.outcome is Outcome.INVALID)
    assert bool(decision.missing) is (decision.outcome is Outcome.NEEDS_INFORMATION)
