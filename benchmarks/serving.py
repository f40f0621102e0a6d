"""Serving: ``evaluate`` over HTTP on a running gateway: a document that is kept, and a new one.

The same document again is neither parsed nor validated again. A document with a comment of its
own each time is new to the gateway, and shows what that saves.
"""

from __future__ import annotations

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx

from avoir_gateway.demo import ASKER, REQUEST, SECRETS

ROUNDS = 7
REQUESTS = 150
PATIENCE_SECONDS = 30.0


class NotServingError(Exception):
    """The gateway did not come to serve."""


@contextmanager
def _gateway(folder: Path) -> Iterator[tuple[str, int, float]]:
    """A gateway with the demo: its address, its process, and how long it took to answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("avoir")), "serve", "--demo", "--port", str(port)]
    environment = {**os.environ, "AVOIR_DATA": str(folder)}
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            if _is_ready(port):
                break
            if time.perf_counter() - begun > PATIENCE_SECONDS or process.poll() is not None:
                raise NotServingError(address)
            time.sleep(0.01)
        yield address, process.pid, time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _is_ready(port: int) -> bool:
    """Asked as cheaply as can be: both run on the same cores."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _resident(pid: int) -> float:
    """Resident memory of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else float("nan")


def run() -> Sequence[str]:
    """The table of this benchmark."""
    with tempfile.TemporaryDirectory(prefix="avoir-bench-") as name:
        folder = Path(name)
        with _gateway(folder):
            pass
        with _gateway(folder) as (address, pid, seconds):
            tokens: Mapping[str, str] = json.loads(
                next(folder.rglob(SECRETS)).read_text(encoding="utf-8")
            )
            idle = _resident(pid)
            rows = _asked(address, tokens["/".join(ASKER)])
    kept, new = rows["the same document"], rows["a document that is new each time"]
    lines = ["### evaluate over HTTP, one caller", "", "| what | median | p99 |", "|---|---|---|"]
    lines += [
        f"| {name} | {statistics.median(times) * 1e3:.2f} ms | {_p99(times) * 1e3:.2f} ms |"
        for name, times in rows.items()
    ]
    ratio = statistics.median(new) / statistics.median(kept)
    return [
        *lines,
        "",
        f"A document that is kept is answered {ratio:.1f} times as fast as a new one.",
        f"From `avoir serve` to the first answer, mongod included: {seconds:.2f} s.",
        f"Resident memory of the idle gateway, mongod aside: {idle:.0f} MB.",
        "",
    ]


def _asked(address: str, token: str) -> Mapping[str, list[float]]:
    spent: dict[str, list[float]] = {
        "the same document": [],
        "a document that is new each time": [],
        "healthz, for the cost of HTTP alone": [],
    }
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}) as client:
        expected = _ask(client, REQUEST)
        for round_ in range(ROUNDS):
            for number in range(REQUESTS):
                documents = [REQUEST, f"{REQUEST} # {round_}.{number}"]
                for name, document in zip(list(spent)[:2], documents, strict=True):
                    begun = time.perf_counter()
                    answer = _ask(client, document)
                    spent[name].append(time.perf_counter() - begun)
                    if answer != expected:
                        raise NotServingError(f"another answer: {answer}")
                begun = time.perf_counter()
                client.get("/healthz")
                spent[list(spent)[2]].append(time.perf_counter() - begun)
    return spent


def _ask(client: httpx.Client, document: str) -> Any:
    return client.post("/graphql", json={"query": document}).json()["data"]


def _p99(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=100)[98]
