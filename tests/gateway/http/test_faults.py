"""What a caller is told when something goes wrong: a code, a message, and nothing more."""

import logging

import httpx
import msgspec
import pytest

from avoir_gateway.app import ORIGIN
from avoir_gateway.gateway import Gateway
from avoir_gateway.settings import Settings
from avoir_gateway.store import LocalMongod
from tests.gateway.http.conftest import ANNA, PATIENT, Site, served
from tests.gateway.http.specimen import EVENTS, SECRET, Events, Specimens
from tests.gateway.http.wire import HEAD, raw

LOGGER = "avoir_gateway.faults"


@pytest.mark.parametrize(
    "source",
    [
        "{ broken }",
        "{ needed }",
        "{ empty }",
        "{ unwritable }",
        "{ large }",
        "{ even(number: [1]) }",
        "query ($n: Even!) { even(number: $n) }",
    ],
)
async def test_faults_are_masked(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, source: str
) -> None:
    """A fault of ours is INTERNAL with a correlation id; its text stands in the log under it."""
    ask = {"query": source, "variables": {"n": [1]}}
    with caplog.at_level(logging.ERROR, LOGGER):
        answer = await http.post("/graphql", json=ask)
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert SECRET not in answer.text
    assert set(error) <= {"message", "locations", "path", "extensions"}
    (record,) = caplog.records
    assert error["extensions"]["correlationId"] in record.getMessage()
    assert record.exc_info is not None
    if source in ("{ broken }", "{ needed }", "{ unwritable }"):
        assert SECRET in caplog.text
        assert "Traceback" in caplog.text


async def test_many_faults_have_one_id(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The faults of one request share an id, and the log has the first few of them."""
    source = "{ " + " ".join(f"a{n}: broken" for n in range(20)) + " }"
    with caplog.at_level(logging.ERROR, LOGGER):
        answer = await http.post("/graphql", json={"query": source})
    errors = answer.json()["errors"]
    assert len(errors) == 20
    assert len({error["extensions"]["correlationId"] for error in errors}) == 1
    assert len(caplog.records) == 5
    again = await http.post("/graphql", json={"query": "{ broken }"})
    (error,) = again.json()["errors"]
    assert error["extensions"]["correlationId"] != errors[0]["extensions"]["correlationId"]


@pytest.mark.parametrize(
    ("source", "code", "text"),
    [
        ("{ refused }", "BAD_CURSOR", "This cursor is none of ours: start again without it."),
        ("{ silent }", "UNAVAILABLE", "The store does not answer: try again in a moment."),
        ("{ unknown }", "UNKNOWN_OUTCOME", "It is unknown whether this took effect"),
        ("{ coded }", "PLUGIN.SO", "It is so."),
        ("{ helo }", "BAD_REQUEST", "Did you mean 'hello'?"),
        ("{ even(number: 3) }", "BAD_REQUEST", "an even number is wanted"),
        ('{ hello(name: "a) }', "BAD_REQUEST", "Syntax Error"),
        ("query ($n: Even!) { even(number: $n) }", "BAD_REQUEST", "an even number is wanted"),
        ("subscription { count }", "BAD_REQUEST", "Subscriptions are not run over HTTP."),
    ],
)
async def test_mistakes_are_told(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, source: str, code: str, text: str
) -> None:
    """What is the caller's to mend is told him with its code, and is no fault in the log."""
    with caplog.at_level(logging.ERROR):
        answer = await http.post("/graphql", json={"query": source, "variables": {"n": 3}})
    error = answer.json()["errors"][0]
    assert error["extensions"]["code"] == code
    assert text in error["message"]
    assert SECRET not in answer.text
    assert not caplog.records


async def test_plugins_codes_keep_what_they_say(http: httpx.AsyncClient) -> None:
    """What a resolver says on purpose beside its code goes out with it."""
    answer = await http.post("/graphql", json={"query": "{ coded }"})
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "PLUGIN.SO", "more": 1}
    assert error["path"] == ["coded"]


async def test_messages_are_translated(http: httpx.AsyncClient, site: Site) -> None:
    """Errors of ours are said in the caller's language, from our catalogs."""
    reader = site.gateway.reader("fr")
    answer = await http.post(
        "/graphql", json={"query": "{ refused }"}, headers={"accept-language": "fr"}
    )
    (error,) = answer.json()["errors"]
    assert error["message"] == reader.word("This cursor is none of ours: start again without it.")


@pytest.mark.parametrize("source", ["{ exits }", "{ leaves }", "{ hello leaves a: leaves exits }"])
async def test_an_exit_is_a_fault(http: httpx.AsyncClient, source: str) -> None:
    """A resolver that would end the process, at once or later, ends its own field only."""
    answer = await http.post("/graphql", json={"query": source})
    assert answer.status_code == 200
    errors = answer.json()["errors"]
    assert {error["extensions"]["code"] for error in errors} == {"INTERNAL"}
    assert (await http.post("/graphql", json={"query": "{ hello }"})).status_code == 200


async def test_a_fault_behind_the_door_is_masked(
    http: httpx.AsyncClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault outside of any resolver is a 500 of the same kind."""

    async def fails(secret: str) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(site.gateway.service, "principal", fails)
    answer = await http.post("/graphql", json={"query": "{ hello }"})
    assert answer.status_code == 500
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["correlationId"]
    assert SECRET not in answer.text


@pytest.fixture
def hurried(mongod: LocalMongod, site: Site, settings: Settings) -> Gateway:
    """A gateway on the same data that waits for nobody."""
    soon = msgspec.structs.replace(settings, deadline=0.3)
    return Gateway(soon, site.gateway.host, Specimens(), mongod.uri, patience=PATIENT)


async def test_the_deadline(hurried: Gateway, events: Events) -> None:
    """What is not answered in time is ended: a query to be asked again, a mutation as unknown."""
    headers = {"authorization": f"Bearer {ANNA}"}
    async with (
        served(hurried, Specimens()) as site,
        httpx.AsyncClient(base_url=site.url, headers=headers, trust_env=False) as client,
    ):
        asked = await client.post("/graphql", json={"query": "{ waits hello }"})
        done = await client.post("/graphql", json={"query": "mutation { wait }"})
        slow = await raw(site.url, HEAD + b"Content-Length: 20\r\n\r\n{")
    assert (asked.status_code, done.status_code) == (503, 503)
    assert slow.startswith(b"HTTP/1.1 408")
    assert asked.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert done.json()["errors"][0]["extensions"]["code"] == "UNKNOWN_OUTCOME"
    assert "data" not in asked.json()
    assert EVENTS.begun.is_set()


async def test_the_log_tells_no_secrets(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has a line for each operation: who, how long, which codes, and nothing asked."""
    ask = {"query": "query Named($n: String) { hello(name: $n) refused }", "variables": {"n": "Zo"}}
    with caplog.at_level(logging.INFO):
        await http.post("/graphql", json=ask | {"operationName": "Named"})
    (line,) = (r.getMessage() for r in caplog.records if r.name == "avoir_gateway.app")
    assert "tenant=t-en actor=anna operation='Named' status=200" in line
    assert "errors=BAD_CURSOR" in line
    assert ORIGIN not in line
    assert ANNA not in caplog.text
    assert "Zo" not in caplog.text


async def test_the_log_keeps_its_lines(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing in a request makes a line of the log that looks like one of ours."""
    forged = "x\n2026-01-01 INFO avoir_gateway.app: tenant=t-fr\x1b[2J"
    with caplog.at_level(logging.INFO):
        await http.post("/graphql", json={"query": "{ hello }", "operationName": forged})
        await http.get("/nowhere%0A2026-01-01%20INFO")
        await http.get("/schema.graphql%0A")
    assert all(record.getMessage().isprintable() for record in caplog.records)
