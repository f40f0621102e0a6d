"""Look-ups: the questions of one turn of the event loop are asked together."""

import asyncio
from collections.abc import Sequence

import pytest

from avoir_gateway.store import Journal, Listings, LookUps, StoreUnavailable
from avoir_gateway.store.looking_up import AT_ONCE, MOST, Questions
from tests.gateway.store.specimens import record


class Reader:
    """Answers with the double of what it is asked, and remembers what came together."""

    def __init__(self) -> None:
        self.asked: list[Sequence[int]] = []
        self.reads = asyncio.Event()

    async def read(self, numbers: Sequence[int]) -> list[int]:
        """The doubles. Raises `StoreUnavailable` where there is a nought among them."""
        self.asked.append(numbers)
        self.reads.set()
        await asyncio.sleep(0)
        if 0 in numbers:
            raise StoreUnavailable("doubling", "nought")
        return [2 * number for number in numbers]


async def test_questions_of_one_turn_are_read_at_once() -> None:
    """Whoever asks in the same turn comes along; who asks later is asked for by himself."""
    reader = Reader()
    questions = Questions(reader.read)
    assert await asyncio.gather(*(questions.ask(number) for number in (1, 2, 2))) == [2, 4, 4]
    assert await questions.ask(3) == 6
    assert reader.asked == [[1, 2, 2], [3]]


async def test_what_is_asked_meanwhile_is_read_next() -> None:
    """While as many look-ups are under way as may be, questions gather for the next one."""
    reader = Reader()
    questions = Questions(reader.read)
    asked = []
    for number in range(1, AT_ONCE + 1):
        asked.append(asyncio.ensure_future(questions.ask(number)))
        await asyncio.sleep(0)
    asked += [asyncio.ensure_future(questions.ask(number)) for number in (8, 9)]
    assert await asyncio.gather(*asked) == [2 * n for n in (*range(1, AT_ONCE + 1), 8, 9)]
    assert reader.asked[-1] == [8, 9]


async def test_no_more_are_read_at_once_than_an_index_likes() -> None:
    """Many questions are read in several look-ups."""
    reader = Reader()
    questions = Questions(reader.read)
    numbers = range(1, 2 * MOST + 2)
    assert await asyncio.gather(*map(questions.ask, numbers)) == [2 * n for n in numbers]
    assert [len(asked) for asked in reader.asked] == [MOST, MOST, 1]


async def test_who_goes_away_takes_no_answer_from_others() -> None:
    """One who gives up, before the reading or during it, harms nobody who asked with him."""
    reader = Reader()
    questions = Questions(reader.read)
    early, late, other = (asyncio.ensure_future(questions.ask(number)) for number in (1, 2, 3))
    early.cancel()
    await reader.reads.wait()
    late.cancel()
    assert await other == 6
    assert reader.asked == [[2, 3]]
    questions.ask(4).cancel()
    await asyncio.sleep(0)
    assert len(reader.asked) == 1


async def test_a_fault_is_everybodys_who_asked_and_nobody_elses() -> None:
    """Where a look-up fails all who asked hear of it; the next one is asked anew."""
    questions = Questions(Reader().read)
    asked = [questions.ask(number) for number in (0, 1)]
    for one in asked:
        with pytest.raises(StoreUnavailable):
            await one
    assert await questions.ask(1) == 2


async def test_what_carries_several_references_is_found_once(
    journal: Journal, listings: Listings
) -> None:
    """Look-ups by several references give each record once, to each what he asked for."""
    both = record(references=("a", "b"))
    only = record(references=("b",))
    for one in (both, only):
        await journal.append(one)
    look_ups = LookUps(journal, listings)
    found = await asyncio.gather(
        look_ups.referenced("t-1", ["a", "b"]),
        look_ups.referenced("t-1", ["a"]),
        look_ups.referenced("t-1", ["c"]),
        look_ups.referenced("t-2", ["a", "b"]),
    )
    keys = [sorted(one.case for one in records) for records in found]
    assert keys == [sorted([both.case, only.case]), [both.case], [], []]
