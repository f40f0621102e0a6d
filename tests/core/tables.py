"""Random tables of up to four rows, and random facts for them."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from avoir.clauses import Effect, Outcome, Row, When, ground, otherwise, require, rule
from avoir.conditions import Condition
from tests.core.bits import FLAGS, LOOK, NO, YES, B, bit, cl, fixed, pounds

PLAIN: Final = (YES, NO, LOOK, *(Effect(Outcome.APPROVED, amount=fixed(n)) for n in (10, 20)))
PRICED: Final = (*PLAIN, *(Effect(Outcome.APPROVED, amount=term) for term in (B.x, B.y)))
AMOUNTS: Final = tuple(pounds(n) for n in (10, 20, 30))
MOST_READ: Final = 6
"""The flags that one row may read: its guard, its claim, and two conditions of two."""

flags = st.dictionaries(st.sampled_from(FLAGS), st.booleans())
amounts = st.dictionaries(st.sampled_from("xy"), st.sampled_from(AMOUNTS))
some_facts: st.SearchStrategy[dict[str, Any]] = st.builds(lambda a, b: {**a, **b}, flags, amounts)
all_facts: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda bits, x, y: {**dict(zip(FLAGS, bits, strict=True)), "x": x, "y": y},
    st.tuples(*(st.booleans() for _ in FLAGS)),
    st.sampled_from(AMOUNTS),
    st.sampled_from(AMOUNTS),
)


@st.composite
def tables(
    draw: st.DrawFn,
    *,
    read_once: bool = False,
    guards: bool = True,
    claims: bool = False,
    effects: tuple[Effect, ...] = PRICED,
) -> tuple[Row, ...]:
    """Up to four rows of every kind, and a default."""
    left = list(draw(st.permutations(FLAGS)))
    effect = st.sampled_from(effects)
    kinds = st.sampled_from(["require", "rule", "ground"] if claims else ["require", "rule"])

    def one() -> Condition:
        read = bit(left.pop() if read_once else draw(st.sampled_from(FLAGS)))
        return read if draw(st.booleans()) else ~read

    def condition() -> Condition:
        match draw(st.sampled_from(["one", "and", "or"])):
            case "and":
                return one() & one()
            case "or":
                return one() | one()
        return one()

    rows: list[Row] = []
    for n in range(draw(st.integers(1, 4))):
        if len(left) < MOST_READ:
            break
        only_if = one() if guards and draw(st.booleans()) else None
        kind = draw(kinds)
        if kind == "require":
            rows.append(require(cl(f"R{n}"), condition(), draw(effect), only_if=only_if))
            continue
        whens = [When(condition(), draw(effect)) for _ in range(draw(st.integers(1, 2)))]
        if kind == "rule":
            rows.append(rule(cl(f"R{n}"), *whens, only_if=only_if))
        else:
            rows.append(ground(cl(f"R{n}"), *whens, claimed=one(), only_if=only_if))
    return (*rows, otherwise(cl("DEFAULT"), draw(effect)))
