"""``avoir serve --demo``: what it tells is true, and stays so over restarts and kills."""

from __future__ import annotations

import json
import shlex
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from pymongo import MongoClient

from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.demo import PEOPLE, TENANTS, steps
from avoir_gateway.listening import address, listen
from tests.contracts.command import AVOIR, environment
from tests.gateway.stories.gateways import Gateway, until

GIVES: Final = "It gives:"
TOKENS: Final = "Tokens of the demo:"
TO_PASTE: Final = "A request to paste:"
CYRILLIC: Final = range(0x400, 0x500)


class Pasted:
    """The request that the demo tells to paste, and the answer that it tells."""

    def __init__(self, told: list[str]) -> None:
        first, last = told.index(TO_PASTE) + 1, told.index(GIVES)
        words = shlex.split("".join(line.removesuffix("\\") for line in told[first:last]))
        assert words[:2] == ["curl", "-s"]
        self.url = words[2]
        self.headers: dict[str, str] = {}
        for option, value in zip(words[3::2], words[4::2], strict=True):
            if option == "-H":
                name, _, content = value.partition(": ")
                self.headers[name] = content
            else:
                assert option == "-d"
                self.body = value
        self.answer: Any = json.loads("\n".join(told[last + 1 :]))

    def ask(self, language: str | None = None) -> httpx.Response:
        """Send it, in its own language or another."""
        headers = self.headers | ({"Accept-Language": language} if language else {})
        return httpx.post(self.url, content=self.body, headers=headers, trust_env=False)


def tokens(told: list[str]) -> Mapping[tuple[str, str], str]:
    """The tokens that the demo tells, by tenant and name."""
    first, last = told.index(TOKENS) + 1, told.index(TO_PASTE) - 1
    rows = [line.split() for line in told[first:last]]
    return {(row[0], " ".join(row[2:-1])): row[-1] for row in rows}


def start(gateway: Gateway) -> Pasted:
    """Start a demo and read all that it tells."""
    gateway.start()
    if "}" not in gateway.told:
        gateway.line(lambda line: line == "}")
    return Pasted(gateway.told)


EVERYTHING: Final = """{
  tenant { name clock plugins }
  accounts(first: 100) { edges { node { name seq balance { amount unit } } } }
  cases(first: 100) { edges { node { id state revision updatedAt } } }
}"""


def asked(gateway: Gateway, tenant: str, role: Role, query: str) -> Any:
    """What the demo answers to the first one in a role of a tenant."""
    name = next(person.name for person in PEOPLE[tenant] if person.role is role)
    headers = {"authorization": f"Bearer {tokens(gateway.told)[tenant, name]}"}
    answer = gateway.http.post("/graphql", json={"query": query}, headers=headers).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def everything(gateway: Gateway) -> list[Any]:
    """What the auditors of all the demo's tenants see."""
    return [asked(gateway, tenant.id, Role.AUDITOR, EVERYTHING) for tenant in TENANTS]


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Gateway]:
    """A demo that runs."""
    gateway = Gateway(folder / "demo", "--demo")
    start(gateway)
    yield gateway
    gateway.stop()


def test_it_tells_where_it_is_and_who_may_come_in(demo: Gateway) -> None:
    """The address, the folder, and a token that opens the door for everybody of the demo."""
    assert demo.told[0] == f"Avoir answers at {demo.url}/graphql"
    assert str(demo.data) in demo.told[2]
    known = tokens(demo.told)
    assert [tenant.id for tenant in TENANTS] == list(PEOPLE)
    assert list(known) == [
        (tenant, who.name) for tenant, people in PEOPLE.items() for who in people
    ]
    for (tenant, name), token in known.items():
        answer = demo.http.post(
            "/graphql",
            json={"query": "{ viewer { name } tenant { id } }"},
            headers={"authorization": f"Bearer {token}"},
        ).json()
        assert answer["data"] == {"viewer": {"name": name}, "tenant": {"id": tenant}}


MATTERS: Final = """{
  cases(first: 100) { edges { node { party state step { number } deadlines { date } } } }
  accounts(first: 100) { edges { node { name balance { amount unit } } } }
}"""


def matters(gateway: Gateway, tenant: str) -> tuple[list[Any], Mapping[str, str]]:
    """The cases of a tenant, the latest first, and what its accounts hold."""
    shown = asked(gateway, tenant, Role.AUDITOR, MATTERS)
    cases = [edge["node"] for edge in shown["cases"]["edges"]]
    accounts = [edge["node"] for edge in shown["accounts"]["edges"]]
    held = {a["name"]: f"{a['balance']['amount']} {a['balance']['unit']}" for a in accounts}
    return cases, held


def test_where_the_contacts_of_the_prescribers_stand(demo: Gateway) -> None:
    """One to be assessed, one paid for, one with PTZ, one known before, a second, a late one."""
    cases, held = matters(demo, "prescribers-demo")
    assert [(case["party"].partition(":")[2], case["state"]) for case in cases] == [
        ("PR-1", "attached"),
        ("PR-1", "paid"),
        ("PR-2", "attached_ptz"),
        ("PR-1", "attached_not_remunerable"),
        ("PR-2", "attached_not_remunerable"),
        ("PR-1", "window_expired"),
    ]
    assert held == {"prescriber:PR-1:balance@referral_broker": "400.00 EUR"}


def test_where_the_deals_of_the_partners_stand(demo: Gateway) -> None:
    """One whose analysis is due today, one whose commission is due, one that was paid for."""
    cases, held = matters(demo, "partners-demo")
    assert [(case["state"], case["step"]["number"]) for case in cases] == [
        ("team_analysis", 6),
        ("commission_due", 12),
        ("commission_paid", 12),
    ]
    assert [one["date"] for one in cases[0]["deadlines"]] == ["2026-03-16"]
    assert held == {"partner:PT-1:balance@referral_broker": "105000.00 RUB"}


def test_the_request_to_paste_gives_what_is_told(demo: Gateway) -> None:
    """Pasted, it gives the very answer that was printed: in French, and in Russian if asked."""
    pasted = Pasted(demo.told)
    assert pasted.url == f"{demo.url}/graphql"
    french = pasted.ask()
    assert french.headers["content-language"] == "fr-CA"
    assert french.json()["data"] == pasted.answer["data"]
    said = pasted.answer["data"]["evaluate"]
    assert said["stateLabel"].endswith("étapes incomplètes")
    russian = pasted.ask("ru")
    assert russian.headers["content-language"].partition("-")[0] == "ru"
    translated = russian.json()["data"]["evaluate"]
    assert translated["outcome"] == said["outcome"]
    assert [c["id"] for c in translated["clauses"]] == [c["id"] for c in said["clauses"]]
    texts = [translated["stateLabel"], *(clause["text"] for clause in translated["clauses"])]
    texts += [remedy["message"] for remedy in translated["remedies"]]
    assert all(any(ord(letter) in CYRILLIC for letter in text) for text in texts)
    dates = [(remedy["earliest"], remedy["latest"]) for remedy in said["remedies"]]
    assert [(r["earliest"], r["latest"]) for r in translated["remedies"]] == dates


def test_a_second_gateway_on_the_same_data(demo: Gateway) -> None:
    """It attaches to the store of the first, tells the same tokens, and shows the same matters."""
    with Gateway(demo.folder, "--demo") as second:
        second.line(lambda line: line == "}")
        assert tokens(second.told) == tokens(demo.told)
        assert "another process runs its store" in second.told[2]
        assert Pasted(second.told).ask().json() == Pasted(demo.told).ask().json()
        assert everything(second) == everything(demo)
    assert demo.http.get("/readyz").status_code == 200, "the first one serves on"


def test_a_port_in_use(demo: Gateway, folder: Path) -> None:
    """A port that is taken is said in one line that names another way; the exit code is 2."""
    port = demo.url.rpartition(":")[2]
    ran = subprocess.run(
        [AVOIR, "serve", "--demo", "--port", port],
        capture_output=True,
        env={**environment(language="en"), "AVOIR_DATA": str(folder / "nowhere")},
        text=True,
        timeout=30,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = ran.stderr.splitlines()
    assert f"127.0.0.1:{port} is in use" in line
    assert "--port" in line


def killed_while_seeding(gateway: Gateway) -> int:
    """Kill a first start once it has done something; how many of its steps it had done."""
    gateway.launch()
    records: list[int] = []

    def began() -> bool:
        try:
            uri = store.attach(gateway.data).uri
        except store.NotRunning:
            return False
        with MongoClient[dict[str, Any]](uri) as client:
            journal = client[gateway.database]["journal"]
            until(lambda: journal.count_documents({}) > 0, "the first step of the demo")
            gateway.process.kill()
            gateway.process.wait()
            records.append(journal.count_documents({}))
        return True

    until(began, "the store of the demo")
    return records[0]


def test_killed_while_it_is_made_it_is_completed(demo: Gateway, folder: Path) -> None:
    """What a killed first start left undone the next one does; nothing is there twice."""
    other = Gateway(folder / "killed", "--demo")
    done = killed_while_seeding(other)
    assert 0 < done < len(steps()), "it was to be killed in between"
    other.kill()
    try:
        pasted = start(other)
        assert everything(other) == everything(demo)
        assert pasted.ask().json()["data"] == pasted.answer["data"]
        known = tokens(other.told)
        other.stop()
        # and once more, now that it is whole
        start(other)
        assert tokens(other.told) == known
        assert everything(other) == everything(demo)
    finally:
        other.stop()


def test_an_address_to_call() -> None:
    """What listens on every address is told by one that it can be called by."""
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert address("0.0.0.0", listener) == f"http://127.0.0.1:{port}"
        assert address("::", listener) == f"http://[::1]:{port}"
        assert isinstance(listener, socket.socket)
