"""``avoir tenants``, ``plugins`` and ``tokens``, from an empty store on."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest
from bson.objectid import ObjectId

from avoir_gateway.clock import system_clock
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.service import Service
from avoir_gateway.store import Client, LocalMongod, Tenant
from tests.contracts.command import Ran, avoir
from tests.gateway.http.commanding import here
from tests.gateway.schema.conftest import hosting

Run = Callable[..., Ran]

CREATE = ("tenants", "create", "acme", "--language", "fr_CA", "--time-zone", "America/Toronto")


@pytest.fixture
async def database(client: Client) -> AsyncIterator[str]:
    """The name of an empty database."""
    name = f"terminal_{ObjectId()}"
    yield name
    await client.drop_database(name)


@pytest.fixture(scope="module")
async def there(mongod: LocalMongod, client: Client) -> AsyncIterator[Mapping[str, str]]:
    """The settings of an installation that has one tenant, ``there``."""
    database = client[f"there_{ObjectId()}"]
    stores = stores_in(database)
    await lay_out(stores)
    await stores.tenants.add(
        Tenant(id="there", name="There", language="en", time_zone="UTC", currency="EUR")
    )
    yield {
        "AVOIR_MONGODB_URI": mongod.uri,
        "AVOIR_DATABASE": database.name,
        "AVOIR_LANG": "en",
    }
    await client.drop_database(database.name)


@pytest.fixture
def run(
    mongod: LocalMongod,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs a command of an operator, in a language."""
    command = here(monkeypatch, capsys)

    def run(*arguments: str, language: str = "en", ends: int = 0) -> Ran:
        settings = {
            "AVOIR_MONGODB_URI": mongod.uri,
            "AVOIR_DATABASE": database,
            "AVOIR_LANG": language,
        }
        ran = command(*arguments, settings=settings)
        assert ran.code == ends, ran
        return ran

    return run


async def test_an_empty_installation_is_set_up_with_three_commands(
    run: Run, client: Client, database: str
) -> None:
    """A tenant, a plugin, a token: with the token, which alone is written to the standard output,
    a professional of the tenant is known."""
    assert "create ID" in run("tenants", "list").out
    run(*CREATE, "--currency", "CAD")
    run("plugins", "enable", "xpertsource", "--tenant", "acme")
    issued = run(
        "tokens",
        "issue",
        "--tenant",
        "acme",
        "--role",
        "professional",
        "--party",
        "professional:P-1",
    )
    secret = issued.out.strip()
    assert secret.startswith("avoir_")
    assert "P-1" in issued.err
    service = Service(hosting(), stores_in(client[database]), system_clock)
    known = await service.principal(secret)
    assert known is not None
    who, tenant = known
    assert (who.party, tenant.plugins) == ("professional:P-1", ("xpertsource",))
    await service.drain()


def test_a_tenant_from_its_beginning_to_its_end(run: Run) -> None:
    """Created, changed, suspended, resumed and closed; each is written as JSON for a script."""

    def told(*arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(run(*arguments, "--json").out)
        return found

    made = told(*CREATE, "--plugin", "conxpros", "--test")
    assert (made["id"], made["name"], made["kind"]) == ("acme", "acme", "test")
    assert made["plugins"] == ["conxpros"]
    assert told("tenants", "change", "acme", "--name", "Acme")["name"] == "Acme"
    for change, status in (("suspend", "suspended"), ("resume", "active"), ("close", "closed")):
        assert told("tenants", change, "acme")["status"] == status
    assert json.loads(run("tenants", "show", "acme").out)["status"] == "closed"
    assert [one["id"] for one in told("tenants", "list")["tenants"]] == ["acme"]
    line = run("tenants", "list", language="ru").out
    assert "закрыта" in line


def test_a_token_is_listed_and_revoked(run: Run) -> None:
    """The list shows what each token is good for, and whether it was revoked; never the secret."""
    run(*CREATE)
    issued = json.loads(
        run(
            *("tokens", "issue", "--tenant", "acme", "--role", "auditor", "--actor", "morgan"),
            *("--scope", "read_audit", "--expires", "2100-01-01T00:00:00Z", "--key", "k", "--json"),
        ).out
    )
    assert issued["scopes"] == ["read_audit"]
    again = run(
        *("tokens", "issue", "--tenant", "acme", "--role", "auditor", "--actor", "morgan"),
        *("--scope", "read_audit", "--expires", "2100-01-01T00:00:00Z", "--key", "k"),
        ends=2,
    )
    assert "before" in again.err
    listed = run("tokens", "list", "--tenant", "acme").out
    assert issued["id"] in listed
    assert "2100-01-01" in listed
    assert issued["secret"] not in listed
    run("tokens", "revoke", issued["id"], "--tenant", "acme")
    assert "révoqué" in run("tokens", "list", "--tenant", "acme", language="fr").out


def test_an_administrator_needs_no_tenant(run: Run) -> None:
    """His token is one of the installation, which is made with it, and is no business."""
    issued = json.loads(run("tokens", "issue", "--role", "administrator", "--json").out)
    assert (issued["tenant"], issued["role"]) == ("platform", "administrator")
    assert issued["id"] in run("tokens", "list", "--tenant", "platform").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tenants", "create", "ACME"), "ID:"),
        (("tenants", "create", "acme", "--time-zone", "Mars"), "--time-zone:"),
        (("tenants", "create", "acme", "--plugin", "nothing"), "--plugin:"),
        (("tenants", "change", "nobody", "--name", "x"), "There is no tenant nobody."),
        (("tenants", "suspend", "nobody"), "There is no tenant nobody."),
        (("plugins", "enable", "conxpros", "--tenant", "nobody"), "There is no tenant nobody."),
        (("plugins", "enable", "nothing", "--tenant", "there"), "NAME:"),
        (("plugins", "disable", "conxpros", "--tenant", "there"), "NAME:"),
        (("tokens", "issue", "--tenant", "there", "--role", "king"), "king"),
        (("tokens", "issue", "--tenant", "there", "--role", "professional"), "--party:"),
        (("tokens", "issue", "--tenant", "there", "--role", "administrator"), "--role:"),
        (("tokens", "issue", "--role", "operator"), "--role:"),
        (("tokens", "issue", "--tenant", "there", "--role", "team", "--scope", "x"), "x"),
        (("tokens", "issue", "--tenant", "there", "--role", "team", "--expires", "x"), "“x”"),
        (("tokens", "issue", "--tenant", "there", "--role", "team", "--actor", "a b"), "--actor:"),
        (("tokens", "revoke", "token-1", "--tenant", "there"), "ID:"),
        (("tokens", "list", "--tenant", "nobody"), "There is no tenant nobody."),
    ],
)
def test_a_mistake_is_one_line(
    there: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    """What is wrong is said in a line that names the option, and ends with 2."""
    ran = here(monkeypatch, capsys)(*arguments, settings=there)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.startswith("avoir: ")
    assert ran.err.count("\n") == 1


def test_a_shell_completes() -> None:
    """The script for a shell is written, and the shell learns what may come next."""
    assert "_AVOIR_COMPLETE" in avoir("completion", "bash").out
    asked = {"_AVOIR_COMPLETE": "bash_complete", "COMP_WORDS": "avoir tok", "COMP_CWORD": "1"}
    assert avoir(settings=asked).out.split() == ["plain,tokens"]
