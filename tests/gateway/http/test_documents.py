"""Documents are parsed and validated once for a schema, and those kept are bounded."""

import httpx

from avoir_gateway.limits import Limits
from avoir_gateway.operations import Documents
from tests.gateway.http.conftest import FELIX, Site
from tests.gateway.http.specimen import schema


async def test_a_document_is_read_once(http: httpx.AsyncClient, site: Site) -> None:
    """Asked again, by whomever, in whatever language, with whatever variables, a document is
    neither parsed nor validated again."""
    tenant = await site.gateway.service.stores.tenants.get("t-en")
    assert tenant is not None
    documents = (await site.gateway.engine(tenant)).documents
    ask = {"query": "query Once($n: String) { hello(name: $n) }"}
    before = documents.counts
    for number in range(20):
        headers = {"accept-language": "ru"} if number % 2 else {"authorization": f"Bearer {FELIX}"}
        variables = {"n": str(number)}
        answer = await http.post("/graphql", json=ask | {"variables": variables}, headers=headers)
        assert answer.json()["data"] == {"hello": f"Hello, {number}!"}
    after = documents.counts
    assert after.parsed == before.parsed + 1
    assert after.validated == before.validated + 1
    assert after.reused == before.reused + 19


def test_refusals_are_kept_too() -> None:
    """A document that is wrong is found wrong once."""
    documents = Documents(schema(), Limits())
    for source in ("{", "{ nothing }", "{ ...f } fragment f on Query { ...f }"):
        assert documents.get(source).refusals
        assert documents.get(source) is documents.get(source)
    assert (documents.counts.parsed, documents.counts.validated) == (3, 1)


def test_the_longest_unused_is_dropped() -> None:
    """No more documents are kept than there is room for, those in use the longest."""
    documents = Documents(schema(), Limits(), entries=3)
    for name in "abcd":
        documents.get(f"query {name} {{ hello }}")
        documents.get("query a { hello }")
    assert documents.counts.kept == 3
    parsed = documents.counts.parsed
    documents.get("query a { hello }")
    assert documents.counts.parsed == parsed
    documents.get("query b { hello }")
    assert documents.counts.parsed == parsed + 1


def test_large_documents_do_not_fill_the_room() -> None:
    """Documents are kept by their weight, and one too heavy for its share is not kept at all."""
    documents = Documents(schema(), Limits(), weight=100_000)
    for number in range(50):
        documents.get(f'{{ hello(name: "{number:>2000}") }}')
    assert 1 <= documents.counts.kept <= 10
    documents.get(f'{{ hello(name: "{"x" * 10_000}") }}')
    parsed = documents.counts.parsed
    documents.get(f'{{ hello(name: "{"x" * 10_000}") }}')
    assert documents.counts.parsed == parsed + 1
