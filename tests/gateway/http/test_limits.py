"""The limits of a query: linear in its text, exact at their bounds."""

import time

import pytest
from graphql import build_schema, get_introspection_query, parse

from avoir_gateway.errors import Code, GatewayError
from avoir_gateway.limits import (
    LARGEST_PAGE,
    Limits,
    cost,
    examine,
    price,
    variable_defaults,
)

SCHEMA = build_schema("""
    type Query { a(first: Int = 20): [Query] b: String c: Query d(first: Int): [Query]
                 n(last: Int): Node }
    interface Node { b: String c: Query }
    type Thing implements Node { b: String c: Query more: Query }
""")
TIGHT = Limits(depth=3, aliases=2, root_fields=3, directives=2, fields=6)


def chain(links: int, spread: str) -> str:
    """Fragments of which each spreads the next as often as `spread` says."""
    parts = [
        f"fragment f{n} on Query {{ {spread.replace('*', f'...f{n + 1}')} }}" for n in range(links)
    ]
    return "{ ...f0 } " + " ".join(parts) + f" fragment f{links} on Query {{ b }}"


def refused(source: str, limits: Limits = TIGHT) -> str | None:
    """What a document is refused for."""
    try:
        examine(parse(source), limits)
    except GatewayError as error:
        return error.message.text if error.code is Code.QUERY_TOO_COMPLEX else error.code
    return None


@pytest.mark.parametrize(
    ("holds", "exceeds", "word"),
    [
        ("{ c { c { b } } }", "{ c { c { c { b } } } }", "deep"),
        ("{ c { ... { c { b } } } }",
         "{ c { ...f } } fragment f on Query { c { c { b } } }", "deep"),
        ("{ x: b y: b }", "{ x: b y: b z: b }", "aliases"),
        ("{ b b b }", "{ c { b b b b } }", "aliases"),
        ("{ c { x: b ...f } } fragment f on Query { y: b }",
         "{ c { ...f ...f ...f } } fragment f on Query { y: b }", "aliases"),
        ("{ b c { b } __typename }", "{ b c { b } __typename a { b } }", "first level"),
        ("{ b ...f } fragment f on Query { c { b } }",
         "{ b ...f ... { a { b } } } fragment f on Query { c { b } __typename }", "first level"),
        ("{ b @skip(if: true) @include(if: true) }",
         "{ b @skip(if: true) @include(if: true) ... @skip(if: true) { b } }", "directives"),
        ("query ($x: Int @d) @d { b }",
         "query ($x: Int @d) @d { b ...f @d } fragment f on Query { b }", "directives"),
        ("{ c { b c { b } } a { b } }", "{ c { b c { b } } a { b c { b } } }", "fields"),
        ("{ c { ...f } a { ...f } } fragment f on Query { b }",
         "{ c { ...f } a { ...f } } fragment f on Query { b c { b } }", "fields"),
    ],
)  # fmt: skip
def test_each_limit_is_exact(holds: str, exceeds: str, word: str) -> None:
    """What stands at a limit passes, and one more is refused, through fragments as without."""
    assert refused(holds) is None
    assert word in (refused(exceeds) or "")


def test_every_operation_is_examined() -> None:
    """A second operation hides nothing, whichever is to be run."""
    assert refused("query A { b } query B { c { c { c { b } } } }")


@pytest.mark.parametrize("spread", ["* *", "c { * } a { * }", "c { c { * } * }"])
def test_a_fragment_bomb_is_refused_at_once(spread: str) -> None:
    """A chain of fragments that doubles at each link is refused within 10 ms, however long."""
    for links in (14, 100):
        document = parse(chain(links, spread))
        took = []
        for _ in range(3):
            begun = time.perf_counter()
            with pytest.raises(GatewayError):
                examine(document, Limits())
            took.append(time.perf_counter() - begun)
        assert min(took) < 0.010


def test_a_long_chain_is_no_bomb() -> None:
    """A chain that doubles nothing is measured by what it comes to, without recursion."""
    assert refused(chain(1_500, "*"), Limits()) is None
    assert "deep" in (refused(chain(1_500, "c { * }"), Limits(fields=10_000)) or "")


@pytest.mark.parametrize(
    "source",
    [
        "{ ...f } fragment f on Query { ...f }",
        "{ ...f } fragment f on Query { c { ...g } } fragment g on Query { c { ...f } }",
        "{ b } fragment f on Query { ... { ...g } } fragment g on Query { ...f }",
    ],
)
def test_cycles_are_refused(source: str) -> None:
    """A fragment that contains itself is refused, used or not."""
    assert "contains itself" in (refused(source, Limits()) or "")


def test_unknown_fragments_are_left_to_validation() -> None:
    """A spread of nothing counts for nothing here."""
    assert refused("{ ...nowhere ...f } fragment f on Query { ...nowhere }") is None


def test_introspection_passes() -> None:
    """The introspection query of the tools keeps within the limits."""
    everything = get_introspection_query(
        specified_by_url=True, schema_description=True, input_value_deprecation=True
    )
    assert refused(everything, Limits()) is None


@pytest.mark.parametrize(
    ("source", "variables", "objects"),
    [
        ("{ b }", {}, 0),
        ("{ c { b } }", {}, 1),
        ("{ a { b c { b } } }", {}, 1 + 20),
        ("{ a(first: 5) { c { c { b } } } }", {}, 1 + 5 * 2),
        ("{ a(first: 5) { a(first: 3) { c { b } } } }", {}, 1 + 5 * (1 + 3)),
        ("{ d { c { b } } }", {}, 1 + LARGEST_PAGE),
        ("{ d(first: null) { c { b } } }", {}, 1 + LARGEST_PAGE),
        ("{ a(first: -5) { c { b } } }", {}, 1),
        ("query ($n: Int) { a(first: $n) { c { b } } }", {"n": 7}, 1 + 7),
        ("query ($n: Int) { a(first: $n) { c { b } } }", {"n": "x"}, 1 + LARGEST_PAGE),
        ("query ($n: Int = 4) { a(first: $n) { c { b } } }", {}, 1 + 4),
        ("query ($n: Int = 4) { a(first: $n) { c { b } } }", {"n": -1}, 1),
        ("query ($n: Int, $m: Int) { a(first: $n) { d(first: $m) { c { b } } } }",
         {"n": 6, "m": 5}, 1 + 6 * (1 + 5)),
        ("{ ...f c { ...f } } fragment f on Query { a(first: 2) { c { b } } }", {}, 3 + 1 + 3),
        ("{ n(last: 3) { c { b } ... on Thing { more { b } } } }", {}, 1 + 3 * 2),
        ("{ __schema { types { name fields { name } } } }", {}, 3),
        ("{ a(first: 1000000000000000000000) { c { b } } }", {}, 10**9),
    ],
)  # fmt: skip
def test_cost_is_pages_times_children(
    source: str, variables: dict[str, object], objects: int
) -> None:
    """An object costs one, times the page it stands on; a page that is not told is a full one."""
    document = parse(source)
    (operation,) = (node for node in document.definitions if node.kind == "operation_definition")
    priced = price(SCHEMA, document, operation)  # type: ignore[arg-type]
    defaults = variable_defaults(operation)  # type: ignore[arg-type]
    assert cost(priced, variables, defaults) == objects
