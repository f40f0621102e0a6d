"""The documents say what is the case: commands, settings, codes, requests and their answers."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

import httpx
import pytest
from bson.objectid import ObjectId
from graphql import parse, print_ast, validate

from avoir.cli.main import main
from avoir.host import Host
from avoir.lifecycles import Role
from avoir_gateway import demo, store
from avoir_gateway.app import create_app
from avoir_gateway.clock import system_clock
from avoir_gateway.errors import MESSAGES, Code
from avoir_gateway.gateway import Gateway
from avoir_gateway.http import DEEPEST
from avoir_gateway.opening import stores_in
from avoir_gateway.schema import Schemas, build
from avoir_gateway.service import Service
from avoir_gateway.settings import OTHERS, Settings, shown
from tests.contracts.command import avoir

ROOT: Final = Path(__file__).parents[2]
README, CHANGELOG = ROOT / "README.md", ROOT / "CHANGELOG.md"
OPERATORS, GRAPHQL = ROOT / "docs" / "operators.md", ROOT / "docs" / "graphql.md"
ADMINISTRATION = ROOT / "docs" / "administration.md"
PAGES: Final = (README, CHANGELOG, *sorted((ROOT / "docs").glob("*.md")))
BUSINESS: Final = "xpertsource-demo"
LEFT_OUT: Final = "…"

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@dataclass(frozen=True)
class Block:
    """A block of code: its page, the line it begins on, the note above it, its language, its
    text."""

    page: Path
    line: int
    note: str
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.stem}-{self.line}"


@dataclass(frozen=True)
class Request:
    """A request of a page: who asks it of which tenant, in which language, and the answer below."""

    block: Block
    tenant: str
    person: str
    language: str
    body: Mapping[str, Any]
    answer: Mapping[str, Any]


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page."""
    text = page.read_text()
    pattern = r"(?:^<!-- (?P<note>[^\n]+) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$"
    for found in re.finditer(pattern, text, re.MULTILINE | re.DOTALL):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(page, line, found["note"] or "", found["language"], found["text"])


def requests(page: Path) -> Iterator[Request]:
    """The requests of a page, in order, each with the answer below it."""
    asked: Block | None = None
    variables: Mapping[str, Any] = {}
    for block in blocks(page):
        if block.language == "json" and block.note == "variables":
            variables = json.loads(block.text)
        elif block.language == "json":
            assert asked is not None, f"{block} answers nothing"
            who, language = asked.note.split()
            tenant, _, person = who.rpartition("/")
            body = {"query": asked.text, "variables": variables}
            if asked.language == "sh":
                body = json.loads(asked.text.partition("-d '")[2].rpartition("'")[0])
            answer = json.loads(block.text)
            yield Request(asked, tenant or BUSINESS, person, language, body, answer)
            asked, variables = None, {}
        elif block.language == "graphql" or "curl" in block.text:
            assert asked is None, f"{asked} has no answer"
            asked = block
    assert asked is None, f"{asked} has no answer"


def agrees(said: object, real: object) -> bool:
    """Whether an answer is the real one, but for the ends that are left out, each marked."""
    match said, real:
        case dict(), dict():
            return said.keys() == real.keys() and all(agrees(said[k], real[k]) for k in said)
        case [*first, end], list() if end == LEFT_OUT:
            return len(real) > len(first) and agrees(first, real[: len(first)])
        case list(), list():
            return len(said) == len(real) and all(map(agrees, said, real))
        case str(), str() if said.endswith(LEFT_OUT):
            return real.startswith(said.removesuffix(LEFT_OUT).rstrip()) and said != real
    return said == real


REQUESTS: Final = (*requests(README), *requests(GRAPHQL))


# -- requests and answers ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with a path so short that a socket fits into it."""
    made = Path(tempfile.mkdtemp(prefix="avoir-", dir="/tmp"))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def uri(folder: Path) -> Iterator[str]:
    """The address of a store of these tests' own."""
    running = store.start(folder / "data", socket_folder=folder / "s")
    yield running.uri
    running.stop(0)  # by force, which is quicker: nobody wants these data


@pytest.fixture(scope="module")
def host() -> Host:
    """The host of the installed plugins."""
    return Host()


@pytest.fixture(scope="module")
async def answers(uri: str, folder: Path, host: Host) -> Sequence[Mapping[str, Any]]:
    """What the demo answers to the requests of the pages, asked one after the other."""
    tokens: Mapping[tuple[str, str], str] = {}
    prepared = asyncio.Event()

    async def prepare(service: Service) -> None:
        nonlocal tokens
        asked = {request.tenant for request in REQUESTS}
        # those that nobody asks take time only
        tokens = await demo.seed(service, folder, [t for t in demo.TENANTS if t.id in asked])
        prepared.set()

    settings = Settings(database="demo", data=folder)
    gateway = Gateway(settings, host, Schemas(host), uri, prepare=prepare)
    door = httpx.ASGITransport(create_app(gateway))
    came = []
    async with (
        gateway.open(),
        httpx.AsyncClient(transport=door, base_url="http://localhost") as http,
    ):
        # on a busy machine the gateway serves before all of it is there
        await asyncio.wait_for(prepared.wait(), 60)
        for request in REQUESTS:
            headers = {
                "authorization": f"Bearer {tokens[request.tenant, request.person]}",
                "accept-language": request.language,
            }
            answer = await http.post("/graphql", json=request.body, headers=headers)
            assert answer.headers["content-language"] == request.language
            came.append(answer.json())
    return came


@pytest.mark.parametrize("number", range(len(REQUESTS)), ids=lambda n: str(REQUESTS[n].block))
def test_a_request_gives_the_answer_below_it(
    number: int, answers: Sequence[Mapping[str, Any]]
) -> None:
    """Each request of the README and of the page on GraphQL, asked of the demo in their order,
    gives the answer below it."""
    said, real = REQUESTS[number].answer, dict(answers[number])
    if "extensions" not in said:
        real.pop("extensions")
    assert agrees(said, real), json.dumps(real, ensure_ascii=False, indent=2)


def test_every_document_is_valid(host: Host) -> None:
    """Each GraphQL document of the pages is valid against the schema of our plugins."""
    schema = build(host, frozenset(plugin.name for plugin in host.plugins))
    documents = [request.body["query"] for request in REQUESTS]
    documents += [b.text for page in PAGES for b in blocks(page) if b.language == "graphql"]
    assert len(documents) > 20
    for document in documents:
        assert validate(schema._schema, parse(document)) == [], document


def test_the_readme_asks_what_the_demo_prints() -> None:
    """The request of the README is the one that the demo gives to paste, in another layout."""
    (asked,) = requests(README)
    assert print_ast(parse(asked.body["query"])) == print_ast(parse(demo.REQUEST))
    assert (asked.tenant, asked.person) == demo.ASKER


def test_the_limits_are_those_in_force() -> None:
    """The limits on the page on GraphQL are those of the settings and of the reader of JSON."""
    section = part(GRAPHQL, "Limits")
    said = {int(n.replace(",", "")) for n in re.findall(r"\| ([\d,]+) \|$", section, re.MULTILINE)}
    defaults = Settings()
    names = [name for name in Settings.__struct_fields__ if name.startswith("max_")]
    in_force = {getattr(defaults, name) for name in names} | {int(defaults.deadline), DEEPEST}
    assert said == in_force


# -- settings and codes -----------------------------------------------------------------------


def part(page: Path, heading: str) -> str:
    """The text below a heading, up to the next one of its level."""
    found = page.read_text().partition(f"\n## {heading}\n")
    assert found[1], f"{page.name} has no part {heading}"
    return found[2].partition("\n## ")[0]


def setting_rows() -> Iterator[str]:
    """The table of the settings as the settings themselves have it."""
    kinds = get_type_hints(Settings, include_extras=True)
    for (name, kind), row in zip(kinds.items(), shown(Settings(), {}), strict=True):
        plain, meta = get_args(kind)
        bounds = ""
        if isinstance(plain, type) and issubclass(plain, Enum):
            bounds = ", ".join(f"`{choice.value}`" for choice in plain)
        elif meta.ge is not None:
            bounds = f"{meta.ge} to {meta.le}"
        value = f"`{row.value}`" if row.value else ""
        if name == "data":
            value = "the user’s data folder"
        yield f"| `{row.variable}` | {value} | {bounds} | {row.about} |"


def test_the_settings_are_those_there_are() -> None:
    """The table of settings has every setting with its default, its bounds and what it is."""
    table = re.findall(r"^\| `AVOIR_.*$", part(OPERATORS, "Settings"), re.MULTILINE)
    assert table == list(setting_rows())


def test_no_other_setting_is_named() -> None:
    """Every variable that a page names is a setting, or the language of the command line."""
    known = {row.variable for row in shown(Settings(), {})} | OTHERS
    named = {name for page in PAGES for name in re.findall(r"\bAVOIR_[A-Z_]+", page.read_text())}
    assert named == known


def test_every_code_is_explained() -> None:
    """The operator's guide has every error code, what it says, and what to do."""
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$", part(OPERATORS, "Error codes"), re.MULTILINE
    )
    said = {code: text for code, text, _ in rows}
    assert said == {code.value: re.sub(r"\{\w+\}", "…", MESSAGES[code]) for code in Code}
    assert len(rows) == len(said)


def test_clients_know_every_code() -> None:
    """The page on GraphQL has every error code once."""
    cells = re.findall(r"^\| (`[A-Z].*?) \|", part(GRAPHQL, "Codes"), re.MULTILINE)
    named = [code for cell in cells for code in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(Code)


def test_every_role_is_described() -> None:
    """The page on tenants says of every role what it sees and does."""
    told = part(ADMINISTRATION, "Who may do what")
    rows = re.findall(r"^\| (`[a-z, `]+`) \| .+ \| .+ \|$", told, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(Role)


async def test_an_installation_is_set_up_by_the_commands_shown(uri: str, host: Host) -> None:
    """The three commands of the page, run as they stand on an empty store, let in whom they say."""
    name = f"docs_{ObjectId()}"
    settings = {"AVOIR_MONGODB_URI": uri, "AVOIR_DATABASE": name}
    script = next(block.text for block in blocks(ADMINISTRATION) if block.language == "sh")
    said = ""
    for line in script.splitlines():
        tool, *words = shlex.split(line)
        assert tool == "avoir"
        ran = await asyncio.to_thread(avoir, *words, settings=settings)
        assert ran.code == 0, ran.err
        said = ran.out
    async with store.connect(uri) as client:
        service = Service(host, stores_in(client[name]), system_clock)
        known = await service.principal(said.strip())
        assert known is not None
        who, tenant = known
        facts: Mapping[str, Any] = {}
        answer = await service.evaluate(who, tenant, "xpertsource.lead_credit", None, facts)
        await service.drain()
    assert (tenant.id, who.party) == ("acme", "professional:P-1")
    assert answer.decision["outcome"]


# -- commands, links, words -------------------------------------------------------------------

TOOLS: Final = frozenset({"avoir", "cp", "curl", "echo", "make", "pybabel", "python"})


def commands() -> Iterator[list[str]]:
    """The words of every command of the pages, without what is set before it."""
    for page in PAGES:
        for block in blocks(page):
            lines = block.text.replace("\\\n", " ").splitlines()
            if block.language == "console":
                lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
            elif block.language != "sh":
                lines = []
            for line in lines:
                words = line.partition("  #")[0].split()
                yield list(itertools.dropwhile(lambda word: re.match(r"[A-Z_]+=", word), words))
        for line in re.findall(r"`((?:make|avoir) [^`]+)`", page.read_text()):
            yield line.split()


def test_commands_exist(capsys: pytest.CaptureFixture[str]) -> None:
    """Commands of the pages are ours or common ones; what they ask of make and avoir is there."""
    with pytest.raises(SystemExit):
        main(["--help"])
    offered = set(re.findall(r"^  (\w+)  ", capsys.readouterr().out, re.MULTILINE))
    targets = set(re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    seen = set()
    for tool, *words in filter(None, commands()):
        assert tool in TOOLS
        seen.add(tool)
        if tool == "make":
            assert words[0] in targets
        elif tool == "avoir":
            assert words[0].strip("`") in offered | {"--help"}
    assert {"avoir", "make", "curl"} <= seen


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    """Each link leads to a file or folder of the project, and to a heading where it names one."""
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        path, _, anchor = link.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), link
        assert there.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(there), link


@each_page
def test_pages_name_no_machine(page: Path) -> None:
    """No page has a path of somebody's machine, or an address that is not the reader's own."""
    text = page.read_text()
    assert re.findall(r"(?<![\w.~])/(?:home|root|tmp|usr|opt|mnt|work|Users|var)\b", text) == []
    assert re.findall(r"\b(?:https?|ftp|git|ssh)://(?!127\.0\.0\.1[:/])\S+", text) == []
    assert "\t" not in text


@each_page
def test_tables_are_whole(page: Path) -> None:
    """Every row of a table has as many cells as its head."""
    width = 0
    for line in page.read_text().splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not cells or not width or cells == width, line
        width = cells
