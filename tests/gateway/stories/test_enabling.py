"""A plugin enabled and one disabled while two gateways serve: nothing fails, nothing is half."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from tests.gateway.stories.enabling import (
    Pair,
    disabled_under_load,
    enabled_under_load,
    pair,
    revoked_elsewhere,
)

SECONDS: Final = 2.0


@pytest.fixture(scope="module")
def both() -> Iterator[Pair]:
    """Two gateways on one store."""
    with pair() as made:
        yield made


async def test_nothing_fails_while_a_plugin_is_enabled(both: Pair) -> None:
    """Every request on both gateways is answered as before, until the other shows the plugin and
    afterwards."""
    found = await enabled_under_load(both, SECONDS)
    assert found.failed == {}
    assert min(found.before, found.after) > 0


async def test_nothing_is_half_when_a_plugin_is_disabled(both: Pair) -> None:
    """Every action, by its own mutation or by name, is in the trail that the auditor reads or was
    declined; its key says the same again, and the key of one that was declined is new."""
    found = await disabled_under_load(both, SECONDS)
    assert found.failed == {}
    assert (found.half, found.unread, found.changed) == (0, 0, 0)
    assert min(found.recorded, found.declined) > 0


def test_a_revoked_token_is_refused_by_the_other(both: Pair) -> None:
    """A token that is revoked through one gateway comes to be refused by the other."""
    revoked_elsewhere(both)
