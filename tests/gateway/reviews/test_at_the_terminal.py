"""``avoir reviews``: what it writes in three languages, what it asks, and how it ends."""

from __future__ import annotations

import getpass
import os
import pty
import subprocess
from collections.abc import AsyncIterator, Callable

import pytest
from bson.objectid import ObjectId

from avoir.host import Host
from avoir_gateway.administration import Administering, Done, Order, reviews
from avoir_gateway.clock import system_clock
from avoir_gateway.opening import lay_out, stores_in
from avoir_gateway.schema import Schema
from avoir_gateway.service import Service
from avoir_gateway.store import Client, LocalMongod
from tests.contracts.command import AVOIR, Ran, environment
from tests.gateway.http.commanding import here
from tests.gateway.reviews.desk import CRONOSHARE, ORIGIN, XPERTSOURCE, Desk, opened

Run = Callable[..., Ran]
LEAD = f"{XPERTSOURCE}:L-1"
CONTACT = f"{CRONOSHARE}:O-2:professional:P-1"
USER = getpass.getuser()


@pytest.fixture
async def desk(client: Client, host: Host, whole: Schema) -> AsyncIterator[Desk]:
    """A tenant in a database of its own; a lead and a contact of it wait for a reviewer."""
    name = f"reviews_{ObjectId()}"
    service = Service(host, stores_in(client[name]), system_clock)
    await lay_out(service.stores)
    made = await opened(service, whole)
    await made.waits(XPERTSOURCE, 1)
    await made.wait(minutes=5)
    await made.waits(CRONOSHARE, 2)
    await service.drain()
    yield made
    await service.drain()
    await client.drop_database(name)


@pytest.fixture
def settings(mongod: LocalMongod, desk: Desk) -> dict[str, str]:
    """The environment of the command."""
    database = desk.service.stores.projections._database.name
    return {
        **environment(language="en"),
        "AVOIR_MONGODB_URI": mongod.uri,
        "AVOIR_DATABASE": database,
    }


@pytest.fixture
def run(
    settings: dict[str, str],
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs ``avoir reviews`` for the tenant."""
    command = here(monkeypatch, capsys)

    def reviews(*arguments: str, language: str = "en", tenant: str | None = None) -> Ran:
        spoken = {**settings, "AVOIR_LANG": language}
        return command("reviews", *arguments, "--tenant", tenant or desk.tenant.id, settings=spoken)

    return reviews


def test_the_queue_is_listed(run: Run) -> None:
    """What waits is listed in the words of the terminal: since when, until when, for whom, what is
    recommended, and who has taken it."""
    for language, role, recommended in (
        ("en", "reviewer", "approved"),
        ("fr", "responsable de la décision", "approuvé"),
        ("ru", "ответственный сотрудник", "одобрено"),
    ):
        listed = run("list", language=language)
        assert (listed.code, listed.err) == (0, "")
        first, second = listed.out.splitlines()
        assert first.split("  ")[0] == LEAD
        assert second.split("  ")[0] == CONTACT
        assert "2025-03-03T17:00:00+00:00" in first
        assert "2025-03-10" in first
        assert role in first
        assert recommended in first


def test_the_queue_as_json(run: Run) -> None:
    """The same as a document, in whole or in parts."""
    assert run("claim", LEAD).code == 0
    told = run("list", "--json").json
    assert told["more"] is False
    lead, contact = told["reviews"]
    assert lead["claimed_by"]["name"] == USER
    assert lead["due"] == {"kind": "answer_due", "date": "2025-03-10", "clause": "XS-RESPONSE-5BD"}
    assert lead["recommendation"]["outcome"] == "approved"
    assert lead["recommendation"]["amount"] == {"amount": "120.00", "unit": "CAD"}
    assert (contact["claimed_by"], contact["due"]) == (None, None)
    for options, cases in (
        (("--taken", "mine"), [LEAD]),
        (("--taken", "claimed"), [LEAD]),
        (("--taken", "unclaimed"), [CONTACT]),
        (("--policy", CRONOSHARE), [CONTACT]),
        (("--policy", "nobody.knows"), []),
    ):
        assert [one["case"] for one in run("list", "--json", *options).json["reviews"]] == cases
    assert run("list", "--json", "--first", "1").json["more"] is True
    shorter = run("list", "--first", "1")
    assert (shorter.out.count("\n"), shorter.err) == (1, "There are more of them.\n")
    assert run("list", "--policy", "nobody.knows").out == "Nothing waits.\n"


def test_a_case_is_shown(run: Run) -> None:
    """A case is shown with what is left to decide, its clauses and what it would book."""
    english = run("show", LEAD)
    assert english.code == 0
    assert english.out.startswith(f"{LEAD} waits for this role: reviewer. Since ")
    assert "answer due: " in english.out
    assert "(XS-RESPONSE-5BD)" in english.out
    assert "XS-ALREADY-CONTRACT" in english.out
    assert "attend ce rôle" in run("show", LEAD, language="fr").out
    assert "ждёт эту роль" in run("show", LEAD, language="ru").out
    document = run("show", LEAD, "--json").json
    assert document["recommendation"]["postings"][0]["kind"] == "lead_credit"
    assert document["waits_for"] == "reviewer"


def test_taken_and_released(run: Run, desk: Desk) -> None:
    """A case is taken by the user at the terminal and released again; a key does it once."""
    taken = run("claim", LEAD, "--key", "k-1")
    assert (taken.code, taken.out) == (0, f"{USER} has taken {LEAD}.\n")
    assert "Taken for review by" in run("show", LEAD).out
    again = run("claim", LEAD, "--key", "k-1", "--json").json
    assert again["by"] == {"id": f"command:{USER}", "role": "reviewer", "name": USER}
    released = run("release", LEAD, language="fr")
    assert (released.code, released.out) == (0, f"{LEAD} peut être pris par n’importe qui.\n")
    twice = run("release", LEAD)
    assert (twice.code, twice.out) == (2, "")
    assert twice.err == "avoir: --case: Nobody has taken this case for review.\n"


async def test_what_another_has_taken(run: Run, desk: Desk) -> None:
    """A case that somebody else has taken is neither taken nor ruled on, and it is said whose it
    is; the operator of the machine releases it."""
    order = Order(actor=desk.who("R-1"), tenant=desk.tenant, origin=ORIGIN, key="theirs")
    taken = await reviews.claim(Administering(desk.service), order, LEAD)
    assert isinstance(taken, Done), taken
    for command in (("claim", LEAD), ("rule", LEAD, "approve", "--reason", "Seen.")):
        for language, words in (
            ("en", "Reviewer R-1 has taken this case for review."),
            ("fr", "Reviewer R-1 a pris ce dossier en examen."),
            ("ru", "Это дело взял на рассмотрение другой сотрудник: Reviewer R-1."),
        ):
            barred = run(*command, language=language)
            assert (barred.code, barred.out) == (2, "")
            assert barred.err.endswith(f"{words}\n")
    assert run("release", LEAD).code == 0
    assert run("claim", LEAD).code == 0


def test_ruled_on(run: Run) -> None:
    """A ruling is made with a reason, and written as the decision it is; the next one on the same
    case is not possible, and a script can tell."""
    ruled = run("rule", CONTACT, "refuse", "--reason", "Ничего не доказано.", language="ru")
    assert ruled.code == 0
    assert "отказано" in ruled.out.lower()
    again = run("rule", CONTACT, "refuse", "--reason", "Twice.", "--json")
    assert (again.code, again.json["outcome"]) == (1, "blocked")
    assert [one["case"] for one in run("list", "--json").json["reviews"]] == [LEAD]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "nobody:L-1"), "There is no case nobody:L-1 that waits."),
        (("claim", "nobody:L-1"), "There is nothing here by that id."),
        (("release", "nobody:L-1"), "There is nothing here by that id."),
        (("rule", "nobody:L-1", "approve", "--reason", "x"), "There is no case nobody:L-1"),
        (("rule", LEAD, "approve"), "A ruling has a reason: give it with --reason."),
        (("rule", LEAD, "perhaps", "--reason", "x"), ""),
        (("list", "--first", "0"), ""),
        (("list", "--taken", "often"), ""),
    ],
)
def test_mistakes(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """A mistake ends with 2 and is said on the standard error; nothing is written."""
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert "Traceback" not in done.err
    assert run("list", tenant="nobody").err == "avoir: There is no tenant nobody.\n"


def test_a_reason_is_asked_for_on_a_terminal(settings: dict[str, str], desk: Desk) -> None:
    """Where somebody sits at the terminal, the reason is asked for."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [AVOIR, "reviews", "rule", CONTACT, "refuse", "--tenant", desk.tenant.id],
        stdin=child,
        stdout=child,
        stderr=child,
        env=settings,
    )
    os.close(child)
    os.write(parent, "Rien n’est prouvé.\n".encode())
    shown = b""
    while True:
        try:
            part = os.read(parent, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    assert process.wait(timeout=60) == 0
    os.close(parent)
    text = shown.decode()
    assert "Reason" in text
    assert "efused" in text


def test_help_in_three_languages(settings: dict[str, str]) -> None:
    """The commands explain themselves."""
    for language, words in (
        ("en", "what waits for a person"),
        ("fr", "ce qui attend une personne"),
        ("ru", "что ждёт человека"),
    ):
        done = subprocess.run(
            [AVOIR, "reviews", "--help"],
            capture_output=True,
            env={**settings, "AVOIR_LANG": language},
            timeout=60,
            check=True,
        )
        assert words in done.stdout.decode()
