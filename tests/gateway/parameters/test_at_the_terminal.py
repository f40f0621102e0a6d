"""``avoir parameters`` as a real process: what it writes, asks, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bson.objectid import ObjectId

from avoir.lifecycles import Role
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.clock import system_clock
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.service import Acted, Command, Service
from avoir_gateway.store import Client, LocalMongod
from tests.contracts.command import AVOIR, Ran, environment
from tests.gateway.http.commanding import run as run_here
from tests.gateway.schema.conftest import hosting

POLICY = "xpertsource.lead_credit"
TENANT = "terminal"
TODAY = datetime.now(UTC).date()
LATER = (TODAY + timedelta(days=30)).isoformat()
AFTER = (TODAY + timedelta(days=60)).isoformat()

Run = Callable[..., Ran]


@pytest.fixture
async def database(client: Client) -> AsyncIterator[str]:
    """A database with one tenant, who has sold two leads, and a credit was asked for one."""
    name = f"terminal_{ObjectId()}"
    service = Service(hosting(), stores_in(client[name]), system_clock)
    await lay_out(service.stores)
    tenant = store.Tenant(
        id=TENANT,
        name="At the terminal",
        language="en_CA",
        time_zone="UTC",
        currency="CAD",
        plugins=("xpertsource",),
    )
    await service.stores.tenants.add(tenant)
    for number in (1, 2):
        await _act(service, tenant, Role.PLATFORM, "purchase", number, {"lead": _lead(number)})
    request = {"request": {"channel": "portal_form", "ground": "no_sale"}}
    await _act(service, tenant, Role.PROFESSIONAL, "request_credit", 1, request)
    await service.drain()
    yield name
    await client.drop_database(name)


async def _act(
    service: Service, tenant: store.Tenant, role: Role, action: str, number: int, facts: Any
) -> None:
    party = "professional:P-1" if role is Role.PROFESSIONAL else None
    command = Command(
        policy=POLICY,
        action=action,
        key=f"{action}-{number}",
        facts=facts,
        case=f"{POLICY}:L-{number}" if party else None,
        party=None if party else "P-1",
    )
    who = Principal(tenant.id, role.value, role, role.value, party, "token")
    done = await service.act(who, tenant, command, store.Origin(door="test"))
    assert isinstance(done, Acted)


def _lead(number: int) -> dict[str, Any]:
    bought = datetime.now(UTC) - timedelta(days=8)
    price = {"amount": "120.00", "unit": "CAD"}
    return {"id": f"L-{number}", "purchased_at": bought.isoformat(), "price_paid": price}


@pytest.fixture
def settings(mongod: LocalMongod, database: str) -> dict[str, str]:
    """The environment of the command."""
    return {
        **environment(language="en"),
        "AVOIR_MONGODB_URI": mongod.uri,
        "AVOIR_DATABASE": database,
    }


@pytest.fixture
def run(settings: dict[str, str]) -> Run:
    """Runs ``avoir parameters`` for the tenant."""

    def command(*arguments: str, language: str = "en", stdin: str = "") -> Ran:
        done = subprocess.run(
            [AVOIR, "parameters", *arguments, "--tenant", TENANT],
            input=stdin.encode(),
            capture_output=True,
            env={**settings, "AVOIR_LANG": language},
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return command


Quick = Callable[..., Coroutine[Any, Any, Ran]]


@pytest.fixture
def quick(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Quick:
    """Runs the same in this process: faster, where nothing is special to a process."""
    for name in ("AVOIR_MONGODB_URI", "AVOIR_DATABASE", "AVOIR_LANG"):
        monkeypatch.setenv(name, settings[name])

    async def command(*arguments: str) -> Ran:
        code = await run_here("parameters", *arguments, "--tenant", TENANT)
        written = capsys.readouterr()
        return Ran(code, written.out, written.err)

    return command


def test_set_and_shown(run: Run, tmp_path: Path) -> None:
    """What is set from a day on is shown on that day, told in the history, and differs from today;
    set once more it is so already."""
    file = tmp_path / "values.json"
    file.write_text('{"min_calls": 6, "conversion_benchmark": 0.25}')
    stated = ("--values", str(file), "--set", "min_calls=5", "--set", "window_mode=calendar_month")
    ran = run("set", POLICY, "--from", LATER, *stated)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[:3] == [
        "Benchmark of conversion: 0.2 → 0.25",
        "Calls required: 4 → 5",
        "How the request period is counted: from the purchase, by months → to the end of the "
        "calendar month",
    ]
    assert lines[3].startswith("Saved: edition ")
    shown = run("show", POLICY, "--on", LATER, "--json").json
    values = {one["name"]: one["value"] for one in shown["parameters"]}
    assert (values["min_calls"], values["conversion_benchmark"]) == (5, "0.25")
    assert shown["edition"]["hash"] in lines[3]
    assert "min_calls: 4 (calls required)" in run("show", POLICY).out
    assert "min_calls: 5 (calls required; by default 4)" in run("show", POLICY, "--on", LATER).out
    again = run("set", POLICY, "--from", LATER, *stated)
    assert (again.code, again.out) == (0, "Nothing would change: it is so already.\n")
    assert run("set", POLICY, "--from", LATER, *stated, "--json").json["saved"] is False
    history = run("history", POLICY, "--json").json["editions"]
    assert [one["effective_from"] for one in history] == [LATER, "2024-01-01"]
    assert len(history[0]["parameters"]) == 3
    assert "Calls required: 4 → 5" in run("history", POLICY).out
    differing = run("diff", POLICY, TODAY.isoformat(), LATER)
    assert "Calls required: 4 → 5" in differing.out
    assert "\n+ calls to the client ≥ calls required (5)" in differing.out
    same = run("diff", POLICY, TODAY.isoformat(), TODAY.isoformat())
    assert (same.code, same.out) == (0, "Nothing reads otherwise.\n")


async def test_a_later_change_is_said(quick: Quick) -> None:
    """Who sets values before others hears until when they hold."""
    await quick("set", POLICY, "--from", AFTER, "--set", "min_calls=7")
    ran = await quick("set", POLICY, "--from", LATER, "--set", "min_calls=5")
    assert "on, other values hold, which were set before." in ran.out
    asked = ("set", POLICY, "--from", LATER, "--set", "min_calls=6", "--json")
    assert (await quick(*asked)).json["later"] == [AFTER]


async def test_a_key_takes_effect_once(quick: Quick) -> None:
    """A script that says its key may say it again."""
    asked = ("set", POLICY, "--from", LATER, "--set", "min_calls=5", "--key", "release-7", "--json")
    first, again = (await quick(*asked)).json, (await quick(*asked)).json
    assert (first.pop("replayed"), again.pop("replayed")) == (False, True)
    assert first == again
    other = await quick(*(part.replace("=5", "=6") for part in asked))
    assert other.code == 2
    assert other.err == "avoir: --key: This idempotency key was used for another request.\n"


def test_tried(run: Run) -> None:
    """A trial tells counts, money and cases, writes nothing, and ends well."""
    ran = run("try", POLICY, "--set", "min_wait_days=20")
    assert ran.code == 0
    assert "Days to wait after the purchase: 7 → 20" in ran.out
    assert "2. Looked at: 2." in ran.out
    assert "They would have gone another way: 1." in ran.out
    assert "(XS-DELAY-MIN)" in ran.out
    assert "xpertsource.lead_credit:L-1, request a credit" in ran.out
    found = run("try", POLICY, "--set", "min_wait_days=20", "--json").json
    assert (found["cases"], found["looked_at"], found["otherwise"]) == (2, 2, 1)
    assert found["shifts"][0]["after"]["clause"] == "XS-DELAY-MIN"
    assert found["examples"][0]["case"] == "xpertsource.lead_credit:L-1"
    none = run("try", POLICY, "--set", "min_calls=4")
    assert "None of them would have gone another way." in none.out
    assert len(run("history", POLICY, "--json").json["editions"]) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set", POLICY, "--from", LATER), "Name values with --set"),
        (("set", POLICY, "--from", "tomorrow", "--set", "min_calls=5"), "“tomorrow” is no date"),
        (("set", POLICY, "--from", "2020-01-01", "--set", "min_calls=5"), "--from: Values cannot"),
        (("set", POLICY, "--from", LATER, "--set", "min_calls"), "“min_calls” is no value"),
        (("set", POLICY, "--from", LATER, "--set", "=5"), "“=5” is no value"),
        (("set", POLICY, "--from", LATER, "--set", "min_calls=50"), "min_calls: must be between"),
        (("set", POLICY, "--from", LATER, "--set", "min_calls=four"), "min_calls: must be a whole"),
        (("set", POLICY, "--from", LATER, "--set", "min_calls=4.5"), "min_calls: must be a whole"),
        (("set", POLICY, "--from", LATER, "--set", "min_calls=NaN"), "min_calls: must be a whole"),
        (("set", POLICY, "--from", LATER, "--set", 'min_calls="\\ud800"'), "min_calls: must be"),
        (("set", POLICY, "--from", LATER, "--set", "nope=5"), "nope: is no known parameter"),
        (("set", POLICY, "--from", LATER, "--values", "/nowhere.json"), "/nowhere.json"),
        (("try", POLICY, "--set", "min_calls=50"), "min_calls: must be between"),
        (("try", POLICY, "--set", "min_calls=5", "--days", "0"), "--days: A trial looks at"),
        (("show", "nothing.at_all"), "nothing.at_all"),
        (("show", "conxpros.lead_credit"), "has not enabled conxpros.lead_credit"),
        (("show", POLICY, "--on", "2025-02-29"), "“2025-02-29” is no date"),
        (("diff", POLICY, "2025-01-01"), "SECOND"),
    ],
)
async def test_a_mistake_is_said_in_one_line(
    quick: Quick, arguments: tuple[str, ...], said: str
) -> None:
    """The user's mistakes end a command with 2, and one line that says what is wrong and where."""
    ran = await quick(*arguments)
    assert (ran.code, ran.out) == (2, "")
    line = ran.err
    assert line.startswith("avoir: ")
    assert said in line
    assert line.count("\n") == 1


@pytest.mark.parametrize("content", ["[]", "5", "{", '{"a": NaN}', '"\\ud800"', "\x00"])
async def test_a_file_that_holds_no_values(quick: Quick, tmp_path: Path, content: str) -> None:
    """A file of something else is named, in one line."""
    file = tmp_path / "values.json"
    file.write_text(content)
    ran = await quick("set", POLICY, "--from", LATER, "--values", str(file))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"avoir: {file}")


def test_values_from_the_standard_input(run: Run) -> None:
    """``-`` is the standard input."""
    ran = run("set", POLICY, "--from", LATER, "--values", "-", stdin='{"min_calls": 5}')
    assert (ran.code, ran.err) == (0, "")
    assert "Calls required: 4 → 5" in ran.out


@pytest.mark.parametrize(
    ("language", "line", "saved"),
    [
        ("fr", "Nombre d’appels exigé\u00a0: 4 → 5", "Enregistré\u00a0: l’édition"),
        ("ru", "Требуемое число звонков: 4 → 5", "Сохранено: редакция"),
    ],
)
def test_in_the_language_of_the_terminal(run: Run, language: str, line: str, saved: str) -> None:
    """Differences and what was done are told in French and in Russian too."""
    ran = run("set", POLICY, "--from", LATER, "--set", "min_calls=5", language=language)
    assert ran.out.splitlines()[0] == line
    assert ran.out.splitlines()[1].startswith(saved)


def typed(settings: dict[str, str], answer: str, *options: str) -> str:
    """What a terminal shows where somebody sets values and answers what he is asked."""
    main, other = pty.openpty()
    asked = ["set", POLICY, "--tenant", TENANT, "--from", LATER, "--set", "min_calls=5", *options]
    process = subprocess.Popen(
        [AVOIR, "parameters", *asked], stdin=other, stdout=other, stderr=other, env=settings
    )
    os.close(other)
    os.write(main, answer.encode())
    shown = b""
    while True:
        try:
            part = os.read(main, 4096)
        except OSError:  # the other end was closed
            break
        if not part:
            break
        shown += part
    process.wait(60)
    os.close(main)
    assert process.returncode == 0, shown
    return shown.decode().replace("\r\n", "\n")


def test_asked_at_a_terminal_only(run: Run, settings: dict[str, str]) -> None:
    """At a terminal the differences are shown and somebody is asked before they are saved."""

    def editions() -> int:
        return len(run("history", POLICY, "--json").json["editions"])

    refused = typed(settings, "n\n")
    assert "Calls required: 4 → 5" in refused
    assert "Save this from" in refused
    assert "Nothing was saved." in refused
    assert editions() == 1
    assert "Saved: edition" in typed(settings, "y\n")
    assert editions() == 2
    assert "Save this from" not in typed(settings, "", "--set", "min_calls=6", "--yes")
    assert editions() == 3


async def test_json_is_all_that_is_written(quick: Quick) -> None:
    """With --json the standard output is one document."""
    for arguments in (
        ("show", POLICY),
        ("history", POLICY),
        ("diff", POLICY, TODAY.isoformat(), LATER),
        ("try", POLICY, "--set", "min_calls=5"),
        ("set", POLICY, "--from", LATER, "--set", "min_calls=5"),
    ):
        ran = await quick(*arguments, "--json")
        assert ran.code == 0, ran.err
        assert isinstance(json.loads(ran.out), dict)
