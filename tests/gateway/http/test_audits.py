"""GraphQL over HTTP: the audits of the npm package graphql-http, here without npm.

Each is the request of that audit and what it looks for, under the audit's id. Where node and the
package are installed (NODE_PATH), its own `auditServer` is run as well.
"""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx
import pytest

from tests.gateway.http.conftest import ANNA, Site

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
TYPENAME = "{ __typename }"
TYPE = "query Type($name: String!) { __type(name: $name) { name } }"
NAMED = {"name": "sometype"}
COERCE = {"query": "query CoerceFailure($id: ID!){ __typename }", "variables": {"id": None}}
NO_FIELD = "{ 8f31403dfe404bccbb0e835f2629c6a7 }"
NOT_A_TEXT = ({"obj": "ect"}, 0, False, ["array"])
NOT_A_MAP = ("string", 0, False, ["array"])


class Audit(NamedTuple):
    """A request, and what is looked for in its answer."""

    id: str
    body: Any = None
    accept: str | None = None
    content: str | None = JSON
    query: Mapping[str, str] | None = None
    status: range = range(200, 201)
    kind: str = ""
    lacks: str = ""


OK, BAD, REFUSED = range(200, 201), range(400, 401), range(400, 600)
FOUR = range(400, 500)


def post(id: str, accept: str | None = None, status: range = OK, **rest: Any) -> Audit:
    """An audit that posts something, `{ __typename }` where it says nothing else."""
    body = rest.pop("body", {"query": TYPENAME, **rest.pop("with_", {})})
    return Audit(id, body, accept, status=status, **rest)


def get(id: str, accept: str = "*/*", status: range = OK, lacks: str = "", **query: str) -> Audit:
    """An audit that asks by GET."""
    return Audit(id, None, accept, None, query, status, lacks=lacks)


AUDITS = (
    post("22EB", GRAPHQL, kind=GRAPHQL),
    post("4655", JSON, kind=JSON),
    post("47DE", "*/*", kind=JSON),
    post("80D8", kind=JSON),
    post("82A3"),
    post("BF61", content=f"{JSON}; charset=utf-8",
         body={"query": '{ __type(name: "Run🏃Swim🏊") { name } }'}),
    post("78D5"),
    post("2C94"),
    get("5A70", query=TYPENAME),
    get("9C48", GRAPHQL, FOUR, query="mutation { __typename }"),
    post("9ABE", content=None, status=FOUR),
    post("03D4"),
    post("A5BF", status=BAD, body=None),
    post("423L", GRAPHQL, BAD, body={"notquery": TYPENAME}),
    *(post(f"LKJ{n}", status=BAD, body={"query": wrong}) for n, wrong in enumerate(NOT_A_TEXT)),
    post("34A2", GRAPHQL),
    post("13EE", JSON, lacks="errors"),
    *(post(f"6C0{n}", status=BAD, with_={"operationName": wrong})
      for n, wrong in enumerate(NOT_A_TEXT)),
    post("8161", GRAPHQL, body={"operationName": "Query", "query": "query Query { __typename }"}),
    post("B8B3", JSON, body={"operationName": "Query", "query": "query Query { __typename }"},
         lacks="errors"),
    *(post(f"94B{n}", GRAPHQL, with_={name: None}, lacks="errors")
      for n, name in enumerate(("variables", "operationName", "extensions"))),
    *(post(f"022{n}", JSON, with_={name: None}, lacks="errors")
      for n, name in enumerate(("variables", "operationName", "extensions"))),
    *(post(f"476{n}", status=BAD, with_={"variables": wrong})
      for n, wrong in enumerate(NOT_A_MAP)),
    post("2EA1", GRAPHQL, body={"query": TYPE, "variables": NAMED}),
    post("28B9", JSON, body={"query": TYPE, "variables": NAMED}, lacks="errors"),
    get("D6D5", GRAPHQL, lacks="errors", query=TYPE, variables=json.dumps(NAMED)),
    get("6A70", JSON, lacks="errors", query=TYPE, variables=json.dumps(NAMED)),
    *(post(f"58B{n}", status=BAD, with_={"extensions": wrong})
      for n, wrong in enumerate(NOT_A_MAP)),
    post("428F", GRAPHQL, with_={"extensions": {"some": "value"}}),
    post("1B7A", JSON, with_={"extensions": {"some": "value"}}, lacks="errors"),
    post("B6DC", JSON, range(200, 600), body='{ "not a JSON'),
    post("BCF8", JSON, BAD, body='{ "not a JSON'),
    post("B7N8", GRAPHQL, BAD, body='{ "not a JSON'),
    post("8764", status=REFUSED, body={"qeury": TYPENAME}),
    post("3E3A", status=BAD, body={"qeury": TYPENAME}),
    post("572B", JSON, body={"query": "{"}),
    post("FDE2", JSON, body={"query": NO_FIELD}),
    post("7B9B", JSON, body=COERCE),
    post("865D", GRAPHQL, REFUSED, body={"query": "{"}),
    post("556A", GRAPHQL, BAD, body={"query": "{"}),
    post("D586", GRAPHQL, BAD, body={"query": "{"}, lacks="data"),
    post("51FE", GRAPHQL, REFUSED, body={"query": NO_FIELD}),
    post("74FF", GRAPHQL, BAD, body={"query": NO_FIELD}),
    post("5E5B", GRAPHQL, BAD, body={"query": NO_FIELD}, lacks="data"),
    post("86EE", GRAPHQL, BAD, body=COERCE),
)  # fmt: skip


def test_none_is_left_out() -> None:
    """The package has 61 audits, and so have we."""
    assert len({audit.id for audit in AUDITS}) == len(AUDITS) == 61


@pytest.mark.parametrize("audit", AUDITS, ids=lambda audit: audit.id)
async def test_audit(http: httpx.AsyncClient, audit: Audit) -> None:
    """The answer has the status, the media type and the entries that the audit looks for."""
    headers = {}
    if audit.accept is not None:
        headers["accept"] = audit.accept
    if audit.content is not None:
        headers["content-type"] = audit.content
    if audit.query is not None:
        answer = await http.get("/graphql", params=dict(audit.query), headers=headers)
    else:
        body = audit.body if isinstance(audit.body, str) else json.dumps(audit.body)
        content = None if audit.body is None else body.encode()
        answer = await http.post("/graphql", content=content, headers=headers)
    assert answer.status_code in audit.status
    assert answer.headers["content-type"].endswith("; charset=utf-8")
    assert audit.kind in answer.headers["content-type"]
    found = json.loads(answer.content.decode())
    if audit.lacks:
        assert audit.lacks not in found


AUDITOR = """
const { auditServer } = require("graphql-http");
const [url, token] = process.argv.slice(1);
const fetchFn = (at, options = {}) => fetch(at, {
  ...options, headers: { ...options.headers, authorization: `Bearer ${token}` },
});
auditServer({ url, fetchFn }).then((results) => console.log(JSON.stringify(
  results.map(({ id, name, status, reason }) => ({ id, name, status, reason })))));
"""


def has_auditor() -> bool:
    """Whether node and the package are here."""
    node = shutil.which("node")
    if node is None or not os.environ.get("NODE_PATH"):
        return False
    found = subprocess.run([node, "-e", 'require.resolve("graphql-http")'], capture_output=True)
    return found.returncode == 0


@pytest.mark.skipif(not has_auditor(), reason="needs node, and graphql-http on NODE_PATH")
async def test_the_auditor_itself(site: Site) -> None:
    """The package's own auditor finds nothing."""
    process = await asyncio.create_subprocess_exec(
        *("node", "-e", AUDITOR, f"{site.url}/graphql", ANNA), stdout=asyncio.subprocess.PIPE
    )
    written, _ = await process.communicate()
    results = json.loads(written)
    assert len(results) == 61
    assert [result for result in results if result["status"] != "ok"] == []
