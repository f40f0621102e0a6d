"""Requests that mean harm, or that nobody can read: each has its status, and nothing is done."""

import asyncio
import json
from collections.abc import Sequence
from urllib.parse import urlsplit

import httpx
import pytest

from tests.gateway.http.conftest import ANNA, EXPIRED, GONE, SHUT, Site
from tests.gateway.http.specimen import Events
from tests.gateway.http.wire import HEAD, cut, raw

JSON = {"content-type": "application/json"}
BOOK = {"query": 'mutation { book(note: "x") }'}


def code(answer: httpx.Response) -> str:
    """The code of the one error of an answer."""
    (error,) = answer.json()["errors"]
    assert error["message"]
    return str(error["extensions"]["code"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"5",
        b'"x"',
        b"[]",
        b'[{"query": "{ hello }"}]',
        b"true",
        b"{",
        b'{"query": "{ hello }"} {}',
        b"\xef\xbb\xbf" + b'{"query": "{ hello }"}',
        b'{"query": "\xff\xfe"}',
        b'{"query": "\xed\xa0\x80"}',
        b'{"query": "\\ud800"}',
        b'{"query": "{ hello }", "variables": {"\\udfff": 1}}',
        b'{"query": "{ hello }", "variables": {"a": ["\\ud83d"]}}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"query": "{ hello }", "variables": {"a": ' + b"[" * 65 + b"]" * 65 + b"}}",
        b'{"query": "{ hello }", "variables": {"a": ' + b"9" * 200_000 + b"}}",
        b'{"query": "{ hello }", "variables": {"a": 1e999999}}',
        b'{"query": "{ hello }", "variables": {"a": -1e999999}}',
        b'{"query": "{ hello }", "variables": {"a": NaN}}',
        b'{"query": "{ hello }", "variables": {"a": Infinity}}',
        b'{"query": "{ hello }", "variables": {"a": 1_000}}',
        '{"query": "{ hello }", "variables": {"a": ٣}}'.encode(),
        b'{"query": "{ hello }", "query": "mutation { book }"}',
        b'{"query": "{ hello }", "variables": {"a": 1, "a": 2}}',
        b'{"query": "{ hello }", "variables": {"b": [{"a": 1, "a": 2}]}}',
        b'{"query": "{ hello }", "variables": "{}"}',
        b'{"variables": {}}',
        b"query=%7B%20hello%20%7D",
    ],
)
async def test_unreadable_bodies(http: httpx.AsyncClient, body: bytes) -> None:
    """What is no JSON object in UTF-8, or reads differently to two readers, is a 400."""
    answer = await http.post("/graphql", content=body, headers=JSON)
    assert answer.status_code == 400
    assert code(answer) == "BAD_REQUEST"


async def test_half_a_pair_is_not_half_a_character(http: httpx.AsyncClient) -> None:
    """Surrogates in pairs are one character, and text of every kind comes back as it went."""
    for text in ("\U0001f600", "‮abc", "a\0b", "é\u0301", "x" * 100_000):
        ask = {"query": "query ($n: String!) { hello(name: $n) }", "variables": {"n": text}}
        answer = await http.post("/graphql", content=json.dumps(ask), headers=JSON)
        assert answer.status_code == 200
        assert answer.json()["data"] == {"hello": f"Hello, {text}!"}


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/json, text/plain",
    ],
)
async def test_other_media_types(http: httpx.AsyncClient, events: Events, kind: str | None) -> None:
    """A mutation as anything but JSON in UTF-8 is a 415, and nothing is booked."""
    headers = {} if kind is None else {"content-type": kind}
    answer = await http.post("/graphql", content=json.dumps(BOOK), headers=headers)
    assert answer.status_code == 415
    assert answer.headers["accept-post"] == "application/json"
    assert code(answer) == "BAD_REQUEST"
    assert events.booked == []


async def test_compressed_bodies(http: httpx.AsyncClient) -> None:
    """A compressed body is not unpacked: its size says nothing of what would come out."""
    headers = JSON | {"content-encoding": "gzip"}
    answer = await http.post("/graphql", content=b"\x1f\x8b", headers=headers)
    assert answer.status_code == 415


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_mutations_go_by_post(http: httpx.AsyncClient, events: Events, method: str) -> None:
    """A mutation by another method is a 405 that says which to use, and nothing is booked."""
    answer = await http.request(method, "/graphql", params=BOOK)
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]
    assert events.booked == []


async def test_a_mutation_among_queries_goes_by_post(
    http: httpx.AsyncClient, events: Events
) -> None:
    """By GET the operation that is named decides, not the first."""
    source = "query Q { hello } mutation M { book }"
    asked = await http.get("/graphql", params={"query": source, "operationName": "Q"})
    assert asked.json()["data"] == {"hello": "Hello, world!"}
    refused = await http.get("/graphql", params={"query": source, "operationName": "M"})
    assert refused.status_code == 405
    assert events.booked == []


@pytest.mark.parametrize(
    "query",
    [
        "query={hello}&query={hello}",
        "query=%ff",
        "query={hello}&variables=[]",
        "query={hello}&variables={",
        "query={hello}&variables={%22a%22:1,%22a%22:2}",
        "query={hello}&extensions=1",
        "variables={}",
        "&".join(f"a{n}=1" for n in range(50)),
    ],
)
async def test_unreadable_parameters(http: httpx.AsyncClient, query: str) -> None:
    """Parameters of a GET that stand twice, are too many or no UTF-8 are a 400."""
    answer = await http.get(f"/graphql?{query}")
    assert answer.status_code == 400
    assert code(answer) == "BAD_REQUEST"


async def test_large_bodies(http: httpx.AsyncClient, site: Site) -> None:
    """More bytes than are allowed are a 413 before any is parsed; as many as that are not."""
    most = site.gateway.settings.max_body
    answer = await http.post("/graphql", content=b"[" * 5_000_000, headers=JSON)
    assert answer.status_code == 413
    assert code(answer) == "BAD_REQUEST"
    fits = json.dumps({"query": "{ hello }"}).encode().ljust(most)
    assert (await http.post("/graphql", content=fits, headers=JSON)).status_code == 200
    answer = await http.post("/graphql", content=fits + b" ", headers=JSON)
    assert answer.status_code == 413


async def test_bodies_without_a_length(site: Site) -> None:
    """A body in chunks is refused where it passes the limit, not where it ends."""
    chunk = b"10000\r\n" + b"[" * 65_536 + b"\r\n"
    answer = await raw(site.url, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 400)
    assert answer.startswith(b"HTTP/1.1 413")


async def test_bodies_longer_than_they_say(site: Site) -> None:
    """A stated length beyond the limit is refused before a byte of the body has come."""
    answer = await raw(site.url, HEAD + b"Content-Length: 5000000\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")


async def test_after_a_large_body(site: Site, events: Events) -> None:
    """What was refused unread is passed over to its end: it is not taken for the next request."""
    most = site.gateway.settings.max_body
    smuggled = HEAD + b"Content-Length: 32\r\n\r\n" + b'{"query": "mutation { book }"}    '
    large = HEAD + b"Content-Length: %d\r\n\r\n" % (most + 1) + smuggled.ljust(most + 1)
    small = HEAD + b"Content-Length: 22\r\nConnection: close\r\n\r\n" + b'{"query": "{ hello }"}'
    place = urlsplit(site.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(large + small)
    answered = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert answered.count(b"HTTP/1.1 ") == 2
    assert answered.startswith(b"HTTP/1.1 413")
    assert b"Hello, world!" in answered
    assert events.booked == []


async def test_heads_without_an_end(site: Site) -> None:
    """Headers that do not end are cut off, in one line as in many."""
    begun = b"GET /graphql HTTP/1.1\r\nHost: localhost\r\nX-Long: "
    answer = await raw(site.url, begun, *[b"a" * 65_536] * 400)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
    lines = b"".join(b"X-%d: a\r\n" % number for number in range(4_000))
    answer = await raw(site.url, b"GET /graphql HTTP/1.1\r\nHost: localhost\r\n", *[lines] * 100)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")


async def test_trailers_without_an_end(site: Site) -> None:
    """What follows a body, or stands beside the length of a chunk, is cut off as well."""
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    for begun in (b"2\r\n{}\r\n0\r\nX-Long: ", b"2; x="):
        parts = [b"a" * 65_536] * 400
        writer_was_cut = await cut(site.url, chunked + begun, *parts)
        assert writer_was_cut


@pytest.mark.parametrize(
    "request_",
    [b"GARBAGE\r\n\r\n", b"GET /graphql HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01"],
)
async def test_what_is_not_http(site: Site, request_: bytes) -> None:
    """What is no HTTP is a 400, and the next connection is served."""
    assert (await raw(site.url, request_ + b"\r\n\r\n")).startswith(b"HTTP/1.1 400")
    assert (
        await raw(site.url, HEAD + b"Content-Length: 23\r\n\r\n" + b'{"query":"{ hello }"}  ')
    ).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["Host: evil.example"],
        ["Host: localhost.evil.example"],
        ["Host: evil.example/localhost"],
        ["Host: localhost, evil.example"],
        ["Host: localhost\tevil.example"],
        ["Host: localhost@evil.example"],
        ["Host: "],
        ["Host: localhost", "Host: evil.example"],
        ["Host: localhost:99999999"],
        ["Host: evil.example", "X-Forwarded-Host: localhost"],
    ],
)
async def test_poisoned_hosts(site: Site, headers: Sequence[str]) -> None:
    """A host that is not ours, that is missing, or that stands twice is a 400 at every door."""
    for path in ("/graphql", "/healthz", "/nowhere"):
        lines = "".join(f"{header}\r\n" for header in headers)
        answer = await raw(
            site.url, f"GET {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n".encode()
        )
        assert answer.startswith(b"HTTP/1.1 400")
        assert b"evil" not in answer.lower()


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST:1", "127.0.0.1:8000", "[::1]:8000"])
async def test_own_hosts(site: Site, name: str) -> None:
    """The names of this machine are ours, with any port: a port may be mapped."""
    answer = await raw(
        site.url, f"GET /healthz HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.startswith(b"HTTP/1.1 200")


NONE = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0."
SWAPPED = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmVk"


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        f"Basic {ANNA}",
        ANNA,
        f"Bearer {ANNA} {ANNA}",
        f"Bearer {ANNA}x",
        f"Bearer {ANNA[:-1]}",
        f"Bearer {ANNA.upper()}",
        f"Bearer {GONE}",
        f"Bearer {EXPIRED}",
        f"Bearer {SHUT}",
        f"Bearer {NONE}",
        f"Bearer {SWAPPED}",
        'Bearer {"$ne": null}',
        "Bearer $where",
        f"Bearer {'x' * 600}",
        f"Bearer {'x' * 8_192}",
        f"Bearer {'x' * 60_000}",
    ],
)
@pytest.mark.parametrize("path", ["/graphql", "/schema.graphql"])
async def test_nobody_we_know(site: Site, authorization: str | None, path: str) -> None:
    """Without a token that opens the door there is a 401 that says how to ask, and nothing else."""
    headers = JSON if authorization is None else JSON | {"authorization": authorization}
    async with httpx.AsyncClient(base_url=site.url, trust_env=False) as client:
        if path == "/graphql":
            ask = json.dumps({"query": "{ __schema { types { name } } }"})
            answer = await client.post(path, content=ask, headers=headers)
        else:
            answer = await client.get(path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Bearer realm="avoir"')
    assert ("invalid_token" in answer.headers["www-authenticate"]) == (authorization is not None)
    assert code(answer) == "UNAUTHENTICATED"
    assert set(answer.json()) == {"errors"}


async def test_two_credentials(site: Site) -> None:
    """Two credentials are none: who asks must not depend on who reads."""
    twice = HEAD + b"Authorization: Bearer other\r\nContent-Length: 21\r\n\r\n"
    assert (await raw(site.url, twice + b'{"query":"{ hello }"}')).startswith(b"HTTP/1.1 401")


async def test_nobody_is_told_what_there_is(site: Site) -> None:
    """Without a credential a wrong field brings neither a suggestion nor the list of types."""
    async with httpx.AsyncClient(base_url=site.url, trust_env=False) as client:
        for source in ("{ helo }", "{ __schema { types { name } } }", "{ hello }", "{"):
            answer = await client.post("/graphql", json={"query": source})
            assert answer.status_code == 401
            assert "hello" not in answer.text
            assert "Query" not in answer.text


@pytest.mark.parametrize(
    "source",
    [
        "{ " + " ".join(f"a{n}: hello" for n in range(20_000)) + " }",
        "{ " + " ".join(f"a{n}: hello" for n in range(100)) + " }",
        "{ hello " + "@include(if: true) " * 5_000 + "}",
        "{ hello " + "@include(if: true) " * 100 + "}",
        "{ items { " + "number " * 3_000 + "} }",
        "{ items { " + "number " * 300 + "} }",
        "{" + " hello" * 21 + " }",
        "{ items " * 17 + "{ number }" + " }" * 17,
        "{ ...a } fragment a on Query { ...a }",
        "{ ...f0 } "
        + " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(16))
        + " fragment f16 on Query { hello }",
        "#\n" * 2_000 + "{ hello }",
        "{ items(first: 100) { items(first: 100) { items(first: 100) { number } } } }",
    ],
    ids=range(12),
)
async def test_queries_that_ask_for_too_much(http: httpx.AsyncClient, source: str) -> None:
    """What passes a limit is refused by its code, before it is validated or run."""
    accept = {"accept": "application/graphql-response+json"}
    answer = await http.post("/graphql", json={"query": source}, headers=accept)
    assert answer.status_code == 400
    assert code(answer) == "QUERY_TOO_COMPLEX"
    assert "data" not in answer.json()


@pytest.mark.parametrize("source", ["{" * 5_000, "{ a(x: " + "[" * 900 + "1", "{a" * 400])
async def test_queries_nested_beyond_reason(http: httpx.AsyncClient, source: str) -> None:
    """Nesting that would exhaust the parser's stack is refused like any other query."""
    accept = {"accept": "application/graphql-response+json"}
    answer = await http.post("/graphql", json={"query": source}, headers=accept)
    assert answer.status_code == 400
    assert code(answer) in ("QUERY_TOO_COMPLEX", "BAD_REQUEST")


@pytest.mark.parametrize(
    "value",
    ['{"$ne": null}', '"$where"', '{"a.b": 1}', '{"$gt": ""}', "[]", "1", "null", '"\\u0000"'],
)
async def test_operators_of_the_store(http: httpx.AsyncClient, value: str) -> None:
    """An operator of the store where a text is wanted is a mistake, never a query."""
    query = "query ($n: String!) { hello(name: $n) }"
    body = f'{{"query": "{query}", "variables": {{"n": {value}}}}}'
    answer = await http.post("/graphql", content=body, headers=JSON)
    if value.startswith('"'):
        assert answer.json()["data"]["hello"] == f"Hello, {json.loads(value)}!"
    else:
        assert code(answer) == "BAD_REQUEST"
        assert "data" not in answer.json()


async def test_no_tenant_but_the_credentials(http: httpx.AsyncClient) -> None:
    """Nothing in a request but its token says whose data it is."""
    named = {"x-tenant": "t-fr", "x-avoir-tenant": "t-fr", "cookie": "tenant=t-fr"}
    asked = {"query": "{ who }", "extensions": {"tenant": "t-fr"}, "tenant": "t-fr"}
    answer = await http.post("/graphql?tenant=t-fr", json=asked, headers=named)
    assert answer.json()["data"] == {"who": "anna of t-en in en"}


async def test_the_address_is_the_connections(http: httpx.AsyncClient) -> None:
    """The address that is recorded is that of the connection, whatever a header says."""
    headers = {"x-forwarded-for": "203.0.113.9", "forwarded": "for=203.0.113.9"}
    answer = await http.post("/graphql", json={"query": "{ origin }"}, headers=headers)
    assert answer.json()["data"] == {"origin": "graphql 127.0.0.1"}
