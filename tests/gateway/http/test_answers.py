"""Answers: their media type, status, headers and language, at every door."""

import httpx
import pytest

from avoir_gateway.http import Ended, Media, RequestError, accepted
from tests.gateway.http.conftest import FELIX, Site

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "page", "media"),
    [
        (None, False, Media.JSON),
        ("", False, Media.JSON),
        ("*/*", False, Media.JSON),
        ("application/*", False, Media.JSON),
        (JSON, False, Media.JSON),
        (GRAPHQL, False, Media.GRAPHQL),
        (GRAPHQL.upper(), False, Media.GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8", False, Media.GRAPHQL),
        (f"{GRAPHQL}; charset=utf-16, {JSON}", False, Media.JSON),
        (f"{GRAPHQL}, {JSON}", False, Media.GRAPHQL),
        (f"{JSON}, {GRAPHQL}", False, Media.GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", False, Media.JSON),
        (f"{GRAPHQL}, {JSON};q=0.9", False, Media.GRAPHQL),
        (f"{JSON};q=0, */*", False, Media.GRAPHQL),
        (f"{JSON};q=x, {GRAPHQL};q=0.1", False, Media.GRAPHQL),
        ("text/html", False, None),
        ("text/html, application/xml", False, None),
        (f"{JSON};q=0", False, None),
        (f"{JSON};charset=latin-1", False, None),
        ("*/*;q=0", False, None),
        (BROWSER, False, Media.JSON),
        (BROWSER, True, Media.HTML),
        ("*/*", True, Media.JSON),
        (None, True, Media.JSON),
        (f"text/html;q=0.2, {JSON}", True, Media.JSON),
    ],
)
def test_media_types(accept: str | None, page: bool, media: Media | None) -> None:
    """The type wanted most is given, by the most specific range; of equals, JSON unless named."""
    if media is None:
        with pytest.raises(RequestError) as refused:
            accepted(accept, page=page)
        assert refused.value.status == 406
    else:
        assert accepted(accept, page=page) is media


ENDINGS = [
    ("{ hello }", Ended.ANSWERED),
    ("{ broken hello }", Ended.ANSWERED),
    ("{ needed }", Ended.ANSWERED),
    ("{", Ended.REFUSED),
    ("{ nothing }", Ended.REFUSED),
    ("query A { hello } query B { hello }", Ended.REFUSED),
    ("fragment f on Query { hello }", Ended.REFUSED),
    ("type T { a: Int }", Ended.REFUSED),
    ("query ($n: Int!) { items(first: $n) { number } }", Ended.REFUSED),
    ("{ ...f } fragment f on Query { ...f }", Ended.REFUSED),
]


@pytest.mark.parametrize(("source", "ended"), ENDINGS)
@pytest.mark.parametrize("media", [Media.GRAPHQL, Media.JSON])
async def test_statuses(http: httpx.AsyncClient, source: str, ended: Ended, media: Media) -> None:
    """The status follows one table; a `data` entry stands there where something was run."""
    answer = await http.post("/graphql", json={"query": source}, headers={"accept": media})
    assert answer.status_code == ended.status(media)
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert ("data" in answer.json()) == (ended is Ended.ANSWERED)


async def test_what_is_not_accepted(http: httpx.AsyncClient) -> None:
    """An answer that can be had in no type that is wanted is a 406, and says what can be had."""
    answer = await http.post("/graphql", json={"query": "{ hello }"}, headers={"accept": "a/b"})
    assert answer.status_code == 406
    assert GRAPHQL in answer.text


async def test_operations_by_name(http: httpx.AsyncClient) -> None:
    """The operation that is named is run; a name that is not there is refused and told."""
    source = "query A { a: hello } query B { b: hello }"
    ask = {"query": source, "operationName": "B"}
    answer = await http.post("/graphql", json=ask)
    assert answer.json()["data"] == {"b": "Hello, world!"}
    answer = await http.post("/graphql", json=ask | {"operationName": "C"})
    assert "C" in answer.json()["errors"][0]["message"]
    # An empty name is none, as clients send it.
    answer = await http.post("/graphql", json={"query": "{ hello }", "operationName": ""})
    assert answer.json()["data"] == {"hello": "Hello, world!"}


async def test_queries_by_get(http: httpx.AsyncClient) -> None:
    """A query can be asked by GET, with its variables."""
    ask = {"query": "query ($n: String) { hello(name: $n) }", "variables": '{"n": "Zoé"}'}
    answer = await http.get("/graphql", params=ask)
    assert answer.status_code == 200
    assert answer.json()["data"] == {"hello": "Hello, Zoé!"}


async def test_cost_is_told(http: httpx.AsyncClient, site: Site) -> None:
    """Every answer says what it cost, of how much."""
    ask = {"query": "query ($n: Int!) { items(first: $n) { items { number } } }"}
    answer = await http.post("/graphql", json=ask | {"variables": {"n": 7}})
    allowed = site.gateway.settings.max_cost
    assert answer.json()["extensions"] == {"cost": {"requested": 8, "allowed": allowed}}
    for many in (10**6, 10**99):
        answer = await http.post("/graphql", json=ask | {"variables": {"n": many}})
        assert answer.json()["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/graphql/", 404),
        ("GET", "/../etc/passwd", 404),
        ("GET", "/%00", 404),
        ("POST", "/healthz", 405),
        ("DELETE", "/schema.graphql", 405),
        ("GET", "/graphql", 400),
        ("POST", "/graphql", 415),
        ("GET", "/healthz", 200),
        ("HEAD", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/schema.graphql", 200),
        ("GET", "/", 303),
    ],
)
async def test_every_answer_says(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    """Whatever is answered has its language, what it varies by, and is not kept or guessed at;
    every error has a code."""
    answer = await http.request(method, path, headers={"accept-language": "ru"})
    assert answer.status_code == status
    assert answer.headers["content-language"] == "ru"
    vary = {name.strip() for name in answer.headers["vary"].split(",")}
    assert vary >= {"Accept-Language", "Authorization"}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers
    if status == 405:
        assert answer.headers["allow"]
    if status >= 400:
        assert all(error["extensions"]["code"] for error in answer.json()["errors"])


async def test_the_schema_is_the_credentials(http: httpx.AsyncClient, site: Site) -> None:
    """The schema is written for the policies of the tenant that are installed, and no others."""
    answer = await http.get("/schema.graphql")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "type Query {" in answer.text
    assert site.schemas.asked[-1] == frozenset({"xpertsource.lead_credit"})


@pytest.mark.parametrize(
    ("token", "accept", "tag"),
    [
        (None, None, "en"),
        (None, "ru", "ru"),
        (None, "fr-CA, ru;q=0.9", "fr-CA"),
        (None, "de, fr;q=0.5", "fr"),
        (None, "de", "en"),
        (None, "*", "en"),
        (None, "fr;q=0, ru;q=0.1", "ru"),
        (None, "x" * 10_000, "en"),
        (FELIX, None, "fr-CA"),
        (FELIX, "de", "fr-CA"),
        (FELIX, "*", "fr-CA"),
        (FELIX, "ru-RU, en", "ru-RU"),
        (FELIX, "en", "en"),
    ],
)
async def test_languages(
    http: httpx.AsyncClient, token: str | None, accept: str | None, tag: str
) -> None:
    """The language is the one asked for, else the tenant's; the answer says which, and so does
    what resolvers are told."""
    headers = {} if accept is None else {"accept-language": accept}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    answer = await http.post("/graphql", json={"query": "{ who }"}, headers=headers)
    assert answer.headers["content-language"] == tag
    assert answer.json()["data"]["who"].endswith(f" in {tag.replace('-', '_')}")


async def test_two_headers_of_a_language(http: httpx.AsyncClient) -> None:
    """A header that stands twice is one list."""
    headers = [("accept-language", "de"), ("accept-language", "ru")]
    answer = await http.get("/healthz", headers=headers)
    assert answer.headers["content-language"] == "ru"


async def test_errors_speak(http: httpx.AsyncClient, site: Site) -> None:
    """What is refused before anybody is known is said in the language that is asked for."""
    reader = site.gateway.reader("fr")
    answer = await http.get("/nowhere", headers={"accept-language": "fr"})
    assert answer.json()["errors"][0]["message"] == reader.word("There is nothing at this address.")
    headers = {"authorization": "Bearer x", "accept-language": "fr"}
    answer = await http.post("/graphql", json={"query": "{ who }"}, headers=headers)
    assert answer.headers["content-language"] == "fr"
    assert answer.json()["errors"][0]["message"] == reader.word("A valid token is needed.")
