"""Administrators of the installation, who are of no business and may name every tenant."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress

from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.access import PLATFORM
from avoir_gateway.administration.tenants import platform
from avoir_gateway.opening import stores_in
from tests.gateway.stories.gateways import Gateway
from tests.gateway.stories.people import LONG_AGO, Person, apart


def administrator(gateway: Gateway) -> Person:
    """A new administrator of a running gateway."""
    secret = store.new_secret()
    who = f"administrator-{secrets.token_hex(4)}"

    async def add() -> None:
        async with store.connect(gateway.store) as client:
            stores = stores_in(client[gateway.database])
            with suppress(store.AlreadyThere):
                await stores.tenants.add(platform())
            await stores.tokens.issue(
                PLATFORM,
                actor=who,
                role=Role.ADMINISTRATOR.value,
                name=who,
                at=LONG_AGO,
                secret=secret,
            )

    apart(lambda: asyncio.run(add()))
    return Person(gateway, PLATFORM, who, Role.ADMINISTRATOR, None, secret)
