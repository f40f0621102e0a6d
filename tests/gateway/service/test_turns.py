"""Turns: the actions of one party go one after another."""

import asyncio

import pytest

from avoir_gateway.service.turns import Turns


async def test_one_party_has_one_turn_at_a_time_and_others_have_theirs() -> None:
    """Who comes second waits until the first is done; another party, or tenant, does not."""
    turns, done = Turns(), asyncio.Event()
    order: list[str] = []

    async def act(name: str, tenant: str, party: str) -> None:
        async with turns.of(tenant, party):
            order.append(name)
            if name == "first":
                await done.wait()

    first = asyncio.create_task(act("first", "t-1", "professional:P-1"))
    await asyncio.sleep(0)
    assert turns.is_taken("t-1", "professional:P-1")
    second = asyncio.create_task(act("second", "t-1", "professional:P-1"))
    await act("of another", "t-1", "professional:P-2")
    await act("elsewhere", "t-2", "professional:P-1")
    done.set()
    await asyncio.gather(first, second)
    assert order == ["first", "of another", "elsewhere", "second"]
    assert not turns.is_taken("t-1", "professional:P-1")


async def test_turns_are_kept_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more parties than are kept, those that have no turn are forgotten, and no other."""
    monkeypatch.setattr("avoir_gateway.service.turns.KEPT", 2)
    turns = Turns()
    taken = turns.of("t-1", "professional:P-1")
    async with taken:
        free = turns.of("t-1", "professional:P-2")
        turns.of("t-1", "professional:P-3")
        assert turns.of("t-1", "professional:P-1") is taken
        assert turns.of("t-1", "professional:P-2") is not free
