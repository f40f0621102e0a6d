"""The explorer: one page, whole in itself, that runs nothing but its own script."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import httpx
import msgspec
import pytest
from graphql import parse, validate

from avoir.host import Host
from avoir_gateway.explorer.pages import EXAMPLE, WORDS
from avoir_gateway.gateway import Gateway
from avoir_gateway.schema import build
from avoir_gateway.settings import Explorer, Settings
from avoir_gateway.store import LocalMongod
from tests.gateway.http.conftest import PATIENT, Site, served
from tests.gateway.http.specimen import Specimens

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Parts(HTMLParser):
    """What a page holds: its scripts, its styles, its texts, and whatever it points at."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside = [""]
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.lang = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.inside.append(f"{tag} {given.get('type', '')}".strip())
        self.lang = given.get("lang") or self.lang
        self.links += [given[name] or "" for name in ("src", "href", "action") if name in given]
        self.handlers += [name for name in given if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        if self.inside[-1] == "script":
            self.scripts.append(data)
        if self.inside[-1] == "style":
            self.styles.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.inside.append("")


async def page(http: httpx.AsyncClient, language: str = "en") -> httpx.Response:
    """The page, as a browser asks for it: without a token."""
    headers = BROWSER | {"accept-language": language}
    return await http.get("/graphql", headers=headers, auth=_nobody)


def _nobody(request: httpx.Request) -> httpx.Request:
    request.headers.pop("authorization", None)
    return request


async def test_a_browser_gets_a_page(http: httpx.AsyncClient) -> None:
    """A browser that opens the address gets the page, and is led to it from the root."""
    answer = await page(http)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert (await http.get("/")).headers["location"] == "/graphql"
    assert (await http.get("/graphql?query={hello}", headers=BROWSER)).json()["data"]


async def test_nothing_else_runs(http: httpx.AsyncClient) -> None:
    """Only the script and the style of the page itself are let run, by their digests; nothing is
    fetched from elsewhere."""
    answer = await page(http)
    parts = Parts(answer.text)
    policy = dict(
        rule.strip().split(" ", 1) for rule in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    for texts, rule in ((parts.scripts, "script-src"), (parts.styles, "style-src")):
        (text,) = texts
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy[rule] == f"'sha256-{digest}'"
    assert parts.handlers == []
    assert parts.links == ["data:,"]
    assert not re.search(r"https?:|//[a-z]|innerHTML|eval|document\.write", answer.text)


async def test_nothing_of_a_request_goes_in(http: httpx.AsyncClient) -> None:
    """The page is the same whatever stands in the request."""
    plain = (await page(http)).text
    evil = "<script>alert(1)</script>"
    headers = BROWSER | {
        "accept-language": "en",
        "referer": evil,
        "user-agent": evil,
        "x-forwarded-host": evil,
        "authorization": f"Bearer {evil}",
    }
    assert (await http.get("/graphql#" + evil, headers=headers)).text == plain
    assert evil not in (await http.get(f"/graphql?{evil}", headers=headers)).text


@pytest.mark.parametrize("language", ["en", "fr", "ru", "fr-CA"])
async def test_the_page_speaks(http: httpx.AsyncClient, site: Site, language: str) -> None:
    """The page is in the reader's language, and has its words in all three."""
    answer = await page(http, language)
    assert Parts(answer.text).lang == language[:2]
    found = re.search(r'id="words">(.*?)</script>', answer.text)
    assert found is not None
    words = msgspec.json.decode(found[1])
    assert set(words) == {"en", "fr", "ru"}
    for tag, own in words.items():
        reader = site.gateway.reader(tag)
        assert own == {name: reader.word(text) for name, text in WORDS.items()}
    assert not re.search(r"@[a-z]+@", answer.text)


def test_the_example_can_be_run(host: Host) -> None:
    """The query that the page begins with is one of ours."""
    schema = build(host, frozenset(plugin.name for plugin in host.plugins))
    assert validate(schema._schema, parse(EXAMPLE)) == []


@pytest.fixture
async def closed(host: Host, mongod: LocalMongod, settings: Settings) -> AsyncIterator[str]:
    """A gateway without an explorer."""
    off = msgspec.structs.replace(settings, explorer=Explorer.DEMO)
    specimens = Specimens()
    gateway = Gateway(off, host, specimens, mongod.uri, patience=PATIENT)
    async with served(gateway, specimens) as site:
        yield site.url


async def test_no_page_unless_it_is_allowed(closed: str) -> None:
    """Where the settings do not allow it there is no page, to nobody."""
    async with httpx.AsyncClient(base_url=closed, headers=BROWSER, trust_env=False) as client:
        assert (await client.get("/graphql")).status_code == 401
        assert (await client.get("/graphql", headers={"accept": "text/html"})).status_code == 406
        assert (await client.get("/")).status_code == 404
