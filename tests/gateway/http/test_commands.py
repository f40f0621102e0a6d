"""The commands: what they write, and how they end."""

import json
import subprocess
import sys

import pytest

from avoir_gateway import store
from avoir_gateway.opening import lay_out, stores_in
from tests.gateway.http.commanding import run
from tests.gateway.store.specimens import entry, record


def test_commands_are_light() -> None:
    """Naming the commands reads none of the libraries that serving takes."""
    source = (
        "import sys; from avoir_gateway.plugin import avoir_commands;"
        "print(*(c.name for c in avoir_commands()));"
        "heavy = {'starlette', 'strawberry', 'graphql', 'pymongo', 'uvicorn', 'bson'};"
        "sys.exit(str(heavy & sys.modules.keys()) if heavy & sys.modules.keys() else 0)"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = done.stdout.split()
    assert told[:4] == ["serve", "schema", "settings", "rebuild"]
    assert {"tenants", "plugins", "tokens", "report", "parameters", "audit"} <= set(told)


async def test_settings_are_shown(
    at_home: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The settings in force are shown with where they come from, and without the password."""
    monkeypatch.setenv("AVOIR_MONGODB_URI", "mongodb://u:hunter2@h/")
    assert await run("settings") == 0
    shown = capsys.readouterr().out
    assert "AVOIR_MONGODB_URI=mongodb://u:***@h/  (set)" in shown
    assert "AVOIR_PORT=8000  (default)" in shown
    assert await run("settings", "--json") == 0
    shown_as_json = json.loads(capsys.readouterr().out)
    assert shown_as_json["AVOIR_DATABASE"] == at_home
    assert "hunter2" not in shown + str(shown_as_json)


@pytest.mark.parametrize(
    ("name", "value", "arguments"),
    [
        ("AVOIR_PORT", "x", ["settings"]),
        ("AVOIR_PROT", "1", ["serve"]),
        ("AVOIR_MONGODB_URI", "x", ["schema", "--tenant", "t"]),
        ("AVOIR_MONGODB_URI", "x", ["rebuild"]),
        ("AVOIR_MONGODB_URI", "x", ["report", "xpertsource.lead_credit", "--tenant", "t"]),
    ],
)
async def test_wrong_settings_end_a_command(
    at_home: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    arguments: list[str],
) -> None:
    """A wrong variable ends every command with 2 and one line that names it."""
    monkeypatch.setenv(name, value)
    assert await run(*arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert line.startswith(f"avoir: {name} ")


async def test_the_schema_is_written(
    at_home: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a tenant the schema needs no store: of all plugins, of some, or of none."""
    monkeypatch.setenv("AVOIR_MONGODB_URI", "mongodb://nowhere.invalid/")
    assert await run("schema") == 0
    everything = capsys.readouterr().out
    assert "type Query {" in everything
    assert "xpertsource" in everything
    assert await run("schema", "--plugins", "") == 0
    assert "xpertsource" not in capsys.readouterr().out
    assert await run("schema", "--plugins", "xpertsource") == 0
    assert "xpertsource" in capsys.readouterr().out
    assert await run("schema", "--plugins", "xpertsource,elsewhere") == 2
    assert "There is no plugin elsewhere. Known are: " in capsys.readouterr().err
    assert await run("schema", "--plugins", "a", "--tenant", "b") == 2
    assert "not both" in capsys.readouterr().err


async def test_the_schema_of_a_tenant(
    at_home: str, client: store.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a tenant it is that of the plugins that are enabled for it."""
    tenants = store.Tenants(client[at_home])
    await tenants.ensure()
    for name, plugins in (("with", ("xpertsource",)), ("without", ())):
        await tenants.add(
            store.Tenant(
                id=name,
                name=name,
                language="en",
                time_zone="UTC",
                currency="CAD",
                plugins=plugins,
            )
        )
    assert await run("schema", "--tenant", "with") == 0
    assert "xpertsource" in capsys.readouterr().out
    assert await run("schema", "--tenant", "without") == 0
    assert "xpertsource" not in capsys.readouterr().out
    assert await run("schema", "--tenant", "nobody") == 2
    assert capsys.readouterr().err == "avoir: There is no tenant nobody.\n"
    assert await run("schema", "--tenant", "\udcff") == 2
    assert capsys.readouterr().err == "avoir: There is no tenant \\udcff.\n"
    await client.drop_database(at_home)


async def test_rebuilding(
    at_home: str, client: store.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rebuilding makes the lists again from the journal, and says how much it read."""
    stores = stores_in(client[at_home])
    await lay_out(stores)
    for number in range(3):
        await stores.journal.append(
            record(case=f"c-{number}", entries=(entry(1, f"professional:P-{number}:balance"),))
        )
    assert await run("rebuild") == 0
    assert capsys.readouterr().out == "The lists were made again. Records read: 3.\n"
    page = await stores.listings.list_cases("t-1", store.CaseFilter(), first=10)
    assert len(page.rows) == 3
    await client.drop_database(at_home)


async def test_a_store_that_is_away(
    at_home: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A store that does not answer ends a command with one line, not with a traceback."""
    monkeypatch.setenv("AVOIR_MONGODB_URI", "mongodb://127.0.0.1:1/")
    for command in (["rebuild"], ["report", "xpertsource.lead_credit", "--tenant", "t"]):
        assert await run(*command) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("avoir: ")
        assert "does not answer" in line
