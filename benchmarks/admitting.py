"""Admitting: what it adds to ``evaluate`` to look up who asks, and to ask the gate what he may.

One gateway answers both: to one token as always, to another without looking anything up and
without a gate, as if who asks were a constant. The two are asked in turn, request by request.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx

from avoir.host import Host
from avoir.lifecycles import Action, Role
from avoir_gateway import access, store
from avoir_gateway.access import Access, Matter, Permission, Principal
from avoir_gateway.app import create_app
from avoir_gateway.demo import REQUEST
from avoir_gateway.gateway import Gateway
from avoir_gateway.listening import listen
from avoir_gateway.opening import stores_in
from avoir_gateway.schema.build import Schemas
from avoir_gateway.serving import serve
from avoir_gateway.settings import Settings

ROUNDS: Final = 7
REQUESTS: Final = 200
TENANT: Final = "admitted"
ALWAYS: Final = "as always: looked up, and through the gate"
CONSTANT: Final = "who asks is a constant, and there is no gate"
PARTY: Final = "professional:P-1"


class _Constant(Gateway):
    """A gateway that knows one token without looking it up."""

    known: tuple[Principal, store.Tenant]

    def __init__(self, uri: str, settings: Settings, open_token: str) -> None:
        host = Host()
        super().__init__(settings, host, Schemas(host), uri)
        self._open_token = open_token
        tenant = _tenant()
        who = Principal(TENANT, "constant", Role.PROFESSIONAL, "Constant", PARTY, "none")
        self.known = who, tenant

    async def principal(
        self, token: str, role: str | None
    ) -> tuple[Principal, store.Tenant] | None:
        if token == self._open_token:
            return self.known
        return await super().principal(token, role)


def _tenant() -> store.Tenant:
    return store.Tenant(
        id=TENANT,
        name=TENANT,
        language="en_CA",
        time_zone="America/Toronto",
        currency="CAD",
        plugins=("xpertsource",),
    )


def _without_a_gate(constant: Principal) -> None:
    """Wherever the gate is asked, it is not asked about this one."""
    gate = access.may

    def may(actor: Principal, action: Permission | Action, thing: Matter) -> Access:
        return Access.GRANTED if actor is constant else gate(actor, action, thing)

    for module in list(sys.modules.values()):
        if getattr(module, "may", None) is gate:
            setattr(module, "may", may)  # noqa: B010


def _serve(uri: str, open_token: str) -> None:
    """Serve until a signal, and tell the port."""
    logging.disable()
    listener = listen("127.0.0.1", 0)
    gateway = _Constant(uri, Settings(), open_token)
    app = create_app(gateway)
    _without_a_gate(gateway.known[0])

    def listening() -> None:
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()

    serve(app, gateway, listener, None, listening)


@contextmanager
def _served(uri: str, open_token: str) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.admitting", uri, open_token]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.communicate()


async def _enrol(uri: str, secret: str) -> None:
    async with store.connect(uri) as client:
        stores = stores_in(client[Settings().database])
        await stores.tenants.ensure()
        await stores.tokens.ensure()
        await stores.tenants.add(_tenant())
        await stores.tokens.issue(
            TENANT,
            actor="looked-up",
            role=Role.PROFESSIONAL.value,
            name="Looked up",
            party=PARTY,
            at=datetime(2026, 1, 1, tzinfo=UTC),
            secret=secret,
        )


def run() -> Sequence[str]:
    """The table of this benchmark."""
    tokens = {ALWAYS: store.new_secret(), CONSTANT: f"avoir_{secrets.token_urlsafe(32)}"}
    with tempfile.TemporaryDirectory(prefix="avoir-bench-") as name:
        folder = Path(name)
        with store.start(folder, socket_folder=folder / "s") as mongod:
            asyncio.run(_enrol(mongod.uri, tokens[ALWAYS]))
            with _served(mongod.uri, tokens[CONSTANT]) as address:
                rounds = _asked(address, tokens)
    spent = {name: [one for times in rounds[name] for one in times] for name in rounds}
    ratios = sorted(
        statistics.median(always) / statistics.median(constant)
        for always, constant in zip(rounds[ALWAYS], rounds[CONSTANT], strict=True)
    )
    always, constant = (statistics.median(spent[name]) for name in (ALWAYS, CONSTANT))
    return [
        "### admitting: evaluate over HTTP, who asks looked up or not, in turn",
        "",
        "| what | median | p99 |",
        "|---|---|---|",
        *(
            f"| {name} | {statistics.median(times) * 1e3:.2f} ms "
            f"| {statistics.quantiles(times, n=100)[98] * 1e3:.2f} ms |"
            for name, times in spent.items()
        ),
        "",
        f"Authentication and authorisation take {always / constant:.3f} times as long as none; "
        f"in {ROUNDS} rounds {ratios[0]:.3f} to {ratios[-1]:.3f} times.",
        "",
    ]


def _asked(address: str, tokens: Mapping[str, str]) -> Mapping[str, list[list[float]]]:
    rounds: dict[str, list[list[float]]] = {name: [] for name in tokens}
    body = {"query": REQUEST}
    with httpx.Client(base_url=address, trust_env=False) as client:
        answers = {_ask(client, token, body) for token in tokens.values()}
        assert len(answers) == 1, answers
        for token in list(tokens.values()) * REQUESTS:
            _ask(client, token, body)  # nobody is to pay for what is read the first time
        for _ in range(ROUNDS):
            for times in rounds.values():
                times.append([])
            for number in range(REQUESTS):
                in_turn = list(tokens.items())
                for name, token in in_turn if number % 2 else reversed(in_turn):
                    begun = time.perf_counter()
                    _ask(client, token, body)
                    rounds[name][-1].append(time.perf_counter() - begun)
    return rounds


def _ask(client: httpx.Client, token: str, body: Mapping[str, str]) -> str:
    answer = client.post("/graphql", json=body, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return answer.text


if __name__ == "__main__":
    _serve(*sys.argv[1:])
