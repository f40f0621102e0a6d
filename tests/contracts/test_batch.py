"""Batches: the answers of one process and of several, in the order of the documents."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pytest

from avoir.batch import AHEAD, PORTION, evaluate_all, spread
from avoir.cases import evaluate
from avoir.documents import rendered, tree
from avoir.errors import UsageError
from avoir.policies import Edition
from avoir.readers import Reader
from tests.contracts.clauses import examples, host

KEY = "conxpros.lead_credit"
ACTION = "request_credit"


@pytest.fixture(scope="module")
def edition() -> Edition:
    """The policy as it stands."""
    return host().policies[KEY].edition()


@pytest.fixture(scope="module")
def documents() -> list[Mapping[str, Any]]:
    """The documents of recorded requests."""
    found = [one.facts for one in examples(host().policies[KEY]) if one.action == ACTION]
    return found[:50]


def expected(document: object, edition: Edition, reader: Reader) -> Mapping[str, Any]:
    """What the document of a decision says, in words."""
    whole = rendered(tree(evaluate(edition, ACTION, document), edition), reader)
    assert isinstance(whole, Mapping)
    return whole


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_answers_come_in_the_order_of_the_documents(
    edition: Edition, documents: list[Mapping[str, Any]], workers: int
) -> None:
    """Plain data or JSON, decided here or by others: each has its answer, in its place."""
    policy = edition.policy
    reader = Reader("fr", policy.time_zone, host().catalogs, policy.domain, policy.labels)
    many = list(itertools.islice(itertools.cycle(documents), 2 * PORTION + 7))
    given = [msgspec.json.encode(one) if n % 2 else one for n, one in enumerate(many)]
    answers = list(evaluate_all(edition, given, action=ACTION, reader=reader, workers=workers))
    wanted = {id(one): expected(one, edition, reader) for one in documents}
    assert len(answers) == len(many)
    for answer, document in zip(answers, many, strict=True):
        whole = wanted[id(document)]
        assert answer == {name: whole[name] for name in answer}
        assert "clauses" in answer


def test_what_is_no_document_is_answered_too(edition: Edition) -> None:
    """Bytes that are no JSON, and JSON that is no object, end nothing."""
    given = [b"{", b"\xff", b"[]", b"{}"]
    answers = list(evaluate_all(edition, given, action=ACTION, workers=1))
    assert [answer["outcome"] for answer in answers[:3]] == ["invalid"] * 3
    assert all(answer["errors"] for answer in answers[:3])
    assert answers[3]["outcome"] == "needs_information"


@pytest.mark.parametrize("number", [1, 3 * PORTION])
def test_an_unknown_action_is_a_mistake(edition: Edition, number: int) -> None:
    """It is raised where the answers are read, whoever found it."""
    with pytest.raises(UsageError) as raised:
        list(evaluate_all(edition, [b"{}"] * number, action="give", workers=2))
    assert raised.value.code == "unknown_action"


def test_no_more_is_held_than_is_worked_on() -> None:
    """Whoever reads one answer has so much work done ahead, and no more."""
    taken = 0

    def portions() -> Iterator[int]:
        nonlocal taken
        for number in range(1_000):
            taken = number + 1
            yield number

    answers = spread(portions(), str, workers=2)
    assert [next(answers) for _ in range(3)] == ["0", "1", "2"]
    assert taken <= 3 + 2 * AHEAD + 1
    answers.close()
    assert multiprocessing.active_children() == []


def test_a_single_portion_needs_no_process() -> None:
    """Little work is done where it comes in; so is all of it where one worker was asked for."""
    here = multiprocessing.current_process().name

    def who(_: int) -> str:
        return multiprocessing.current_process().name

    assert list(spread([1], who, workers=8)) == [here]
    assert set(spread(range(9), who, workers=1)) == {here}
    assert here not in set(spread(range(9), who, workers=2))
    assert list(spread([], who, workers=2)) == []
