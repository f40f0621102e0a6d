"""Which sentences of the terms are not modelled, not tested or not translated: none."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from avoir.clauses import Document, clause
from tests.contracts import clauses
from tests.contracts.clauses import Listed, Reached, host, listed

CLAUSES = [
    pytest.param(key, clause.id, id=f"{key}-{clause.id}")
    for key, policy in host().policies.items()
    for clause in policy.catalogue
]
TEXTS = {"en": "Once.", "fr": "Une fois.", "ru": "Один раз."}
LINE = Document("1", "Terms", "en", "GB").lines(1)
CITES, LEAVES_OUT, ANOTHER = (
    Reached("one", "ask", frozenset({"C-ONCE"})),
    Reached("two", "ask", frozenset()),
    Reached("three", "rule", frozenset()),
)


def planted(*reached: Reached, texts: Mapping[str, str] = TEXTS) -> list[str]:
    """The gaps of a clause that these reach."""
    once = clause("C-ONCE", LINE, texts["en"])
    return list(Listed("c.policy", once, texts, reached[:1], reached[1:]).gaps())


@pytest.mark.parametrize(("key", "id"), CLAUSES)
def test_a_clause_has_no_gap(key: str, id: str) -> None:
    """Something cites the clause, something like it does not, and three languages have its text."""
    assert list(listed(key)[id].gaps()) == []


@pytest.mark.parametrize("key", list(host().policies))
def test_a_policy_has_cases_and_recorded_examples(key: str) -> None:
    """Each policy is held to decided cases and to recorded examples."""
    first = next(iter(listed(key).values()))
    assert first.cases
    assert first.examples


@pytest.mark.parametrize(
    ("reached", "gaps"),
    [
        ([CITES, LEAVES_OUT], []),
        ([LEAVES_OUT, CITES], []),
        ([], ["nothing cites it"]),
        ([LEAVES_OUT, ANOTHER], ["nothing cites it"]),
        ([CITES, CITES], ["nothing leaves it out"]),
        ([CITES, ANOTHER], ["nothing leaves it out"]),
    ],
)
def test_a_gap_in_what_reaches_a_clause_is_found(reached: list[Reached], gaps: list[str]) -> None:
    """A clause that nothing cites, or that its actions always cite, is a gap."""
    assert planted(*reached) == gaps


@pytest.mark.parametrize(
    ("texts", "gaps"),
    [
        ({**TEXTS, "fr": "Once."}, ["one text in en and fr"]),
        ({**TEXTS, "ru": "Une fois."}, ["one text in fr and ru"]),
        ({**TEXTS, "ru": " "}, ["no text in ru"]),
    ],
)
def test_a_gap_in_the_texts_is_found(texts: Mapping[str, str], gaps: list[str]) -> None:
    """A text that is missing, or the same in two languages, is a gap."""
    assert planted(CITES, LEAVES_OUT, texts=texts) == gaps


def test_the_list_names_every_clause(capsys: pytest.CaptureFixture[str]) -> None:
    """The printed list has each clause with its lines, its three texts and what reaches it."""
    assert clauses.main(["xpertsource.lead_credit"]) == 0
    printed = capsys.readouterr().out
    for id, one in listed("xpertsource.lead_credit").items():
        assert f"\n{id}  document 000, lines {one.clause.citation.lines[0]}" in printed
    assert printed.count("\n    ru  ") == len(listed("xpertsource.lead_credit"))
    assert printed.endswith("0 gaps\n")
