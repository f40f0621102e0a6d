"""``avoir audit`` as an operator runs it: what it writes, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from bson.objectid import ObjectId

from avoir_gateway import store
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.service import Stores
from tests.contracts.command import AVOIR, environment
from tests.gateway.audit.orders import order, write
from tests.gateway.http.commanding import run
from tests.gateway.store.specimens import NOON, full_record, record

Said = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
async def stores(database: store.Database) -> Stores:
    """A tenant with a sealed case of two revisions, another decision and a change, and another
    tenant."""
    made = stores_in(database)
    await lay_out(made)
    for name in ("t-1", "t-2"):
        await made.tenants.add(
            store.Tenant(id=name, name=name, language="en", time_zone="UTC", currency="CAD")
        )
    await made.journal.append(record(case="c-1"))
    await made.journal.append(record(case="c-1", revision=2, state="approved"))
    await made.journal.append(full_record())
    await made.journal.append(record(tenant="t-2"))
    await write(made.administration, order())
    await made.sealing.catch_up()
    return made


@pytest.fixture
def audit(mongod: store.LocalMongod, database: store.Database) -> Said:
    """The command in a process of its own."""

    def said(*arguments: str, language: str = "en") -> subprocess.CompletedProcess[str]:
        settings = {"AVOIR_MONGODB_URI": mongod.uri, "AVOIR_DATABASE": database.name}
        return subprocess.run(
            [AVOIR, "audit", *arguments],
            env={**environment((), language), **settings},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return said


Told = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def told(
    mongod: store.LocalMongod,
    database: store.Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Told:
    """The command in this process, which is quicker: how it ended, and what it wrote."""
    monkeypatch.setenv("AVOIR_MONGODB_URI", mongod.uri)
    monkeypatch.setenv("AVOIR_DATABASE", database.name)
    monkeypatch.setenv("AVOIR_LANG", "en")

    async def said(*arguments: str) -> tuple[int, str, str]:
        code = await run("audit", *arguments)
        return code, *capsys.readouterr()

    return said


async def test_a_chain_is_whole_until_a_byte_is_changed(
    database: store.Database, stores: Stores, audit: Said
) -> None:
    """Verifying ends with 0 and the head to be kept; after one value was changed in the database
    with 1 and the case, the revision and the field; and a kept head is asked for."""
    done = audit("verify", "--tenant", "t-1")
    head = await stores.trails.head("t-1")
    assert head is not None
    kept = f"{head.number}:{head.hash}"
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "The chain of t-1 is whole. Records: 4; blocks: 1.",
        f"Head, to be kept elsewhere: {kept}",
    ]
    assert audit("verify", "--tenant", "t-1", "--head", kept).returncode == 0
    found = await database["journal"].find_one({"case": "c-1", "revision": 2})
    assert found is not None
    await database["journal"].update_one(
        {"_id": found["_id"]}, {"$set": {"decision.outcome": "refused"}}
    )
    done = audit("verify", "--tenant", "t-1")
    assert done.returncode == 1
    first, last = done.stdout.splitlines()
    assert first == (
        f"Block 1: case c-1, revision 2 (record {found['_id']} of the journal) was changed since "
        "it was sealed. Changed or put in: decision."
    )
    assert last == "The chain of t-1 is broken. Findings: 1."
    done = audit("verify", "--tenant", "t-1", "--json", "--head", f"9:{'0' * 64}")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert (told["whole"], told["records"], told["blocks"], told["head"]) == (False, 4, 1, kept)
    changed, gone = told["findings"]
    assert (changed["kind"], changed["fields"]) == ("record_changed", ["decision"])
    assert (changed["case"], changed["revision"], changed["block"]) == ("c-1", 2, 1)
    assert (gone["kind"], gone["block"]) == ("head_gone", 9)
    assert audit("verify", "--tenant", "t-2").returncode == 0
    done = audit("verify", "--tenant", "t-1", language="fr")
    assert "a été modifié depuis qu’il a été scellé" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["verify", "--tenant", "nobody"], "There is no tenant nobody."),
        (["verify", "--tenant", "t-1", "--head", "x"], "“x” is no block: write it as NUMBER:HASH."),
        (["list", "--tenant", "t-1", "--after", "x"], "There is no record x to go on behind."),
        (["list", "--tenant", "t-1", "--from", "x"], "“x” is no date: write it as 2026-03-31."),
        (["export", "--tenant", "nobody"], "There is no tenant nobody."),
    ],
)
async def test_mistakes(stores: Stores, told: Told, arguments: list[str], line: str) -> None:
    """A mistake ends a command with 2 and one line."""
    assert await told(*arguments) == (2, "", f"avoir: {line}\n")


async def test_another_record_is_none_to_go_on_behind(
    database: store.Database, stores: Stores, told: Told
) -> None:
    """The record of another tenant is as little there as one that nobody wrote."""
    other = await database["journal"].find_one({"tenant": "t-2"})
    assert other is not None
    for id in (str(other["_id"]), str(ObjectId())):
        code, _, said = await told("list", "--tenant", "t-1", "--after", id)
        assert (code, said) == (2, f"avoir: There is no record {id} to go on behind.\n")


async def test_the_trail_is_listed(stores: Stores, told: Told) -> None:
    """The trail says who did what, when, from where, with which credential, before and after, the
    latest first; by case, actor, action, source and day; and page by page."""
    await stores.journal.append(record(case="c-1", revision=3, state="closed"))

    async def listed(*arguments: str) -> dict[str, Any]:
        code, out, said = await told("list", "--tenant", "t-1", "--json", *arguments)
        assert (code, said) == (0, "")
        document: dict[str, Any] = json.loads(out)
        return document

    async def some(*arguments: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await listed(*arguments))["entries"]
        return found

    entries = await some()
    assert [one["block"] for one in entries] == [None, 1, 1, 1, 1]
    assert [one["revision"] for one in entries] == [3, None, 1, 2, 1]
    change = entries[1]
    assert (change["action"], change["subject"]) == ("plugin.enable", "plugin:conxpros")
    assert change["actor"] == {"id": "olga", "role": "operator", "name": "Olga"}
    assert (change["credential"], change["origin"]) == ("token-2", {"door": "cli", "address": None})
    assert change["before"] == {"plugins": ["xpertsource"]}
    assert change["after"] == {"plugins": ["conxpros", "xpertsource"]}
    latest = entries[0]
    assert latest["origin"] == {"door": "graphql", "address": "192.0.2.1"}
    assert (latest["subject"], latest["case"]) == ("case:c-1", "c-1")
    assert (latest["before"]["state"], latest["after"]["state"]) == ("approved", "closed")
    assert entries[2]["after"]["balances"] == {"professional:P-1:balance": 100}
    assert datetime.fromisoformat(latest["at"]) == NOON
    assert [one["revision"] for one in await some("--case", "c-1")] == [3, 2, 1]
    assert await some("--actor", "olga") == [change]
    assert await some("--action", "plugin.enable") == [change]
    assert await some("--source", "administration") == [change]
    assert len(await some("--source", "journal")) == 4
    day = NOON.date().isoformat()
    assert len(await some("--from", day)) == 5
    assert await some("--to", day) == []
    page: list[dict[str, Any]] = []
    after: list[str] = []
    while True:
        part = await listed("--first", "2", *after)
        page += part["entries"]
        if part["after"] is None:
            break
        after = ["--after", part["after"]]
    assert page == entries
    _, out, _ = await told("list", "--tenant", "t-1")
    lines = out.splitlines()
    assert len(lines) == 5
    assert "Olga (operator)" in lines[1]
    assert lines[0].endswith("not sealed")


def plain(value: object) -> object:
    """What an export writes of a stored value."""
    match value:
        case dict():
            return {name: plain(one) for name, one in value.items()}
        case list():
            return [plain(one) for one in value]
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + "000Z"
        case ObjectId():
            return str(value)
    return value


async def test_an_export_is_what_is_stored(
    database: store.Database, stores: Stores, audit: Said
) -> None:
    """Each line is a record whole, the oldest first, with its block and its digest; what is not
    sealed yet comes last, a record that is gone is null, and no other tenant's is there."""
    await stores.journal.append(record(case="last"))
    gone = await database["journal"].find_one_and_delete({"case": "c-1", "revision": 1})
    assert gone is not None
    done = audit("export", "--tenant", "t-1")
    assert (done.returncode, done.stderr) == (0, "")
    lines: list[Mapping[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["block"] for line in lines] == [1, 1, 1, 1, None]
    assert (lines[0]["id"], lines[0]["record"]) == (str(gone["_id"]), None)
    assert lines[-1]["digest"] is None
    stored = {}
    for source in ("journal", "administration"):
        async for found in database[source].find({"tenant": "t-1"}):
            stored[source, str(found["_id"])] = plain(found)
    assert {(line["source"], line["id"]): line["record"] for line in lines[1:]} == stored


async def test_an_export_that_nobody_reads_on(
    mongod: store.LocalMongod, database: store.Database, stores: Stores
) -> None:
    """An export ends quietly when its reader goes away."""
    for _ in range(300):
        await stores.journal.append(record())
    assert hung_up(mongod.uri, database.name) == (1, b"")


def hung_up(uri: str, database: str) -> tuple[int, bytes]:
    """How an export ends of which a few bytes were read, and what it says."""
    settings = {"AVOIR_MONGODB_URI": uri, "AVOIR_DATABASE": database}
    with subprocess.Popen(
        [AVOIR, "audit", "export", "--tenant", "t-1"],
        env={**environment((), "en"), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert os.read(process.stdout.fileno(), 10)
        process.stdout.close()
        said = process.stderr.read()
        return process.wait(30), said


async def test_the_platforms_own_trail(stores: Stores, told: Told) -> None:
    """What administrators did among themselves is the trail of the platform."""
    await write(stores.administration, order("platform", "token.issue", "token:token-1"))
    await stores.sealing.catch_up()
    _, out, _ = await told("list", "--tenant", "platform", "--json")
    (entry,) = json.loads(out)["entries"]
    assert entry["action"] == "token.issue"
    assert (await told("verify", "--tenant", "platform"))[0] == 0


async def test_progress_is_for_a_terminal(
    stores: Stores, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bar is drawn where the errors go to a terminal, and nowhere else."""
    assert (await told("verify", "--tenant", "t-1"))[2] == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    code, _, drawn = await told("verify", "--tenant", "t-1")
    assert (code, "Records" in drawn) == (0, True)
