"""Differences between two editions of a policy, in a reader's words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avoir import parameters
from avoir.clauses import note, otherwise
from avoir.conditions import known
from avoir.differences import differences
from avoir.policies import Edition
from avoir.readers import Catalogs, Reader
from tests.core.test_policies import and_a_table, and_parameters
from tests.core.toy import NOTHING, POLICY, REFUSE, policy

READER = Reader("en_CA", "America/Toronto", Catalogs([]))
SPRING = date(2026, 3, 1)


def edition(**values: object) -> Edition:
    """An edition of the toy with these values."""
    return POLICY.edition(values, SPRING)


def told(before: Edition, after: Edition) -> list[str]:
    """What differs in the parameters, in words."""
    return [found.message for found in differences(before, after, READER).parameters]


def test_a_parameter_is_told_with_both_values() -> None:
    """A changed number is told by its label, with the value before and the one after."""
    (found,) = differences(edition(), edition(first_days=10), READER).parameters
    assert (found.name, found.label) == ("first_days", "days to wait")
    assert (found.before, found.after) == ("3", "10")
    assert found.message == "Days to wait: 3 → 10"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"half": "0.25"}, "Share paid for a wrong colour: 0.5 → 0.25"),
        ({"at_once": False}, "Refunds are paid at once: yes → no"),
        ({"calendar": "CA-QC"}, "Calendar of business days: GB-ENG → CA-QC"),
    ],
)
def test_values_are_told_as_they_are_read(values: dict[str, object], message: str) -> None:
    """Shares, flags and calendars are told as the reader reads them."""
    assert told(edition(), edition(**values)) == [message]


def test_what_says_the_same_does_not_differ() -> None:
    """One number written in two ways is one number, and the day of an edition is no parameter."""
    assert not differences(edition(half="0.5"), POLICY.edition({"half": "0.50"}), READER)


def test_texts_are_told_one_by_one() -> None:
    """Of a list of texts every one is told, so that two lists of one length differ in words."""
    papers = parameters.texts("papers")
    noted = and_a_table(note(NOTHING, known(papers)), otherwise(None, REFUSE))
    more = policy(parameters=and_parameters(papers=papers), lifecycle=noted)
    before, after = (
        more.edition({"papers": [f"paper {n}" for n in (*range(8), last)]}, SPRING)
        for last in (8, 9)
    )
    (message,) = told(before, after)
    assert "paper 8 → " in message
    assert message.endswith("paper 9")
    assert told(more.edition(), before)[0].startswith("Papers: none → paper 0,")


def test_rows_are_told_where_their_condition_reads_otherwise() -> None:
    """A row that reads a changed parameter is told with its clause; the other rows are not."""
    found = differences(edition(), edition(photos=4), READER).rows
    assert found
    assert all("photographs required (2)" in row.before for row in found)
    assert all(row.after == row.before.replace("(2)", "(4)") for row in found)
    assert all(row.clause in {clause.id for clause in POLICY.catalogue} for row in found)
    assert len(set(found)) == len(found)


def test_editions_of_two_policies_have_no_differences() -> None:
    """Two policies are not compared."""
    with pytest.raises(ValueError, match="two policies"):
        differences(edition(), policy().edition(), READER)


values = st.fixed_dictionaries(
    {},
    optional={
        "first_days": st.integers(0, 20),
        "last_days": st.integers(30, 90),
        "photos": st.integers(0, 9),
        "half": st.sampled_from(["0", "0.5", "0.50", "1"]),
        "at_once": st.booleans(),
    },
)


@given(values, values)
def test_differences_are_those_of_the_values(
    one: dict[str, object], other: dict[str, object]
) -> None:
    """Exactly the parameters with another value are told; the same edition has no differences,
    and the way back tells the same the other way round."""
    before, after = edition(**one), edition(**other)
    there, back = differences(before, after, READER), differences(after, before, READER)
    changed = [name for name in before.values if before.values[name] != after.values[name]]
    assert [found.name for found in there.parameters] == changed
    assert bool(there) is (before.hash != after.hash)
    assert [(d.after, d.before) for d in back.parameters] == [
        (d.before, d.after) for d in there.parameters
    ]
    assert [(d.after, d.before) for d in back.rows] == [(d.before, d.after) for d in there.rows]
