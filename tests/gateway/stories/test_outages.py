"""The store goes away and comes back: the gateway says so, loses nothing, and is not restarted."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from avoir_gateway import store
from tests.gateway.stories import books
from tests.gateway.stories.gateways import Gateway, is_alive, until
from tests.gateway.stories.people import Person, Town, Tree, at_once, enrol

CX: Final = "conxprosLeadCredit"
BALANCE: Final = "professional:P-1:balance"
READ: Final = '{ account(name: "professional:P-1:balance") { balance { amount } } }'
TOP_UP: Final = f"""
mutation ($key: String!) {{ {CX}TopUp(input: {{
  idempotencyKey: $key, professionalId: "P-1", topUp: {{amount: "1.00", unit: "USD"}}
}}) {{ replayed userErrors {{ code }} }} }}
"""
UNSAVED: Final = {"UNAVAILABLE", "UNKNOWN_OUTCOME"}


class Elsewhere:
    """A store that somebody else runs, and may stop."""

    def __init__(self, folder: Path) -> None:
        self._data, self._socket = folder / "theirs", folder / "s"
        self._running: store.LocalMongod | None = None
        self.start()

    def start(self) -> None:
        """Run it, at the address where it was."""
        self._running = store.start(self._data, socket_folder=self._socket)

    def stop(self) -> None:
        """End it, if it runs."""
        if self._running is not None:
            self._running.stop()
            self._running = None

    @property
    def uri(self) -> str:
        """Its address."""
        assert self._running is not None
        return self._running.uri


@pytest.fixture(scope="module")
def elsewhere(folder: Path) -> Iterator[Elsewhere]:
    """A store of the operator's own."""
    made = Elsewhere(folder)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def served(folder: Path, elsewhere: Elsewhere) -> Iterator[Gateway]:
    """A gateway on that store."""
    settings = {"AVOIR_MONGODB_URI": elsewhere.uri}
    with Gateway(folder / "served", settings=settings) as running:
        yield running


def is_ready(gateway: Gateway) -> bool:
    """Whether the gateway says that it can serve."""
    return gateway.http.get("/readyz").status_code == 200


def paid(person: Person, key: str) -> Tree:
    """The answer to a payment into the account of P-1."""
    answer: Tree = person.post(TOP_UP, key=key).json()
    return answer


def codes(answer: Tree) -> set[str]:
    """The codes of the errors of an answer."""
    return {error["extensions"]["code"] for error in answer.get("errors", ())}


def check(town: Town, payments: int) -> None:
    """The account has one entry for each payment."""
    account = books.account(town["auditor"], BALANCE)
    books.check(account)
    assert (account.balance, len(account.entries)) == (Decimal(payments), payments)


def test_the_store_is_gone_for_a_while(served: Gateway, elsewhere: Elsewhere) -> None:
    """Gone, it is said with a code at every door; back, the same gateway serves, nothing lost."""
    town = enrol(served, "conxpros")
    assert paid(town["platform"], "before")["data"][f"{CX}TopUp"]["userErrors"] == []
    elsewhere.stop()
    until(lambda: not is_ready(served), "the gateway notices")
    unready = served.http.get("/readyz", headers={"accept-language": "fr"})
    assert unready.status_code == 503
    assert unready.json()["status"] == "unavailable"
    assert unready.json()["reason"]
    assert int(unready.headers["retry-after"]) > 0
    assert served.http.get("/healthz").status_code == 200, "the process is well"
    for answer in at_once(
        partial(town["auditor"].post, READ),
        partial(town["platform"].post, TOP_UP, key="meanwhile"),
    ):
        assert answer.status_code == 503
        assert codes(answer.json()) == {"UNAVAILABLE"}
        assert "mongo" not in answer.text.lower()
        assert "pymongo" not in answer.text.lower()
    elsewhere.start()
    until(lambda: is_ready(served), "the gateway is ready again")
    check(town, 1)
    again = paid(town["platform"], "before")["data"][f"{CX}TopUp"]
    assert again == {"replayed": True, "userErrors": []}
    assert paid(town["platform"], "meanwhile")["data"][f"{CX}TopUp"]["userErrors"] == []
    check(town, 2)


def test_it_starts_before_its_store(folder: Path, elsewhere: Elsewhere) -> None:
    """A gateway that is started first waits for its store, says so, and then serves."""
    settings = {"AVOIR_MONGODB_URI": elsewhere.uri}
    gateway = Gateway(folder / "early", settings=settings)
    elsewhere.stop()
    gateway.launch()
    try:
        line = gateway.line(lambda told: "answers at" in told)
        gateway.url = line.rpartition(" ")[2].removesuffix("/graphql")
        assert gateway.http.get("/readyz").status_code == 503
        elsewhere.start()
        until(lambda: is_ready(gateway), "the gateway is ready")
        town = enrol(gateway, "conxpros")
        assert paid(town["platform"], "first")["data"][f"{CX}TopUp"]["userErrors"] == []
    finally:
        gateway.stop()


def test_a_local_store_that_is_killed_is_run_again(folder: Path) -> None:
    """A gateway whose own store is killed runs it again by itself; what was written is there."""
    with Gateway(folder / "local") as gateway:
        town = enrol(gateway, "conxpros")
        assert paid(town["platform"], "before")["data"][f"{CX}TopUp"]["userErrors"] == []
        mongod = gateway.mongod
        os.kill(mongod, signal.SIGKILL)
        until(lambda: not is_alive(mongod), "the store has ended")
        meanwhile = town["platform"].post(TOP_UP, key="meanwhile").json()
        assert codes(meanwhile) <= UNSAVED
        until(lambda: is_ready(gateway), "the store runs again")
        assert paid(town["platform"], "meanwhile")["data"][f"{CX}TopUp"]["userErrors"] == []
        check(town, 2)
        assert "it runs again" in gateway.log
