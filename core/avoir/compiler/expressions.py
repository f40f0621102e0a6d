"""Conditions as expressions, once what they read is in variables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from avoir.compiler.terms import Value, unknown_of


class Test(NamedTuple):
    """A condition as expressions.

    ``holds`` is true where it certainly holds, ``fails`` where it certainly does not, and
    ``unknown`` where it is neither, if it does not hold; that is empty where it is never unknown.
    ``value`` is true, false or None. A comparison of what may be unknown is ``bare`` once it is
    known to be known. ``known_so`` are the variables that are known where it holds, ``known_else``
    those that are known where it is not unknown, or where an unknown one was looked for in vain.
    """

    holds: str
    fails: str
    unknown: str
    value: str
    bare: str = ""
    known_so: tuple[str, ...] = ()
    known_else: tuple[str, ...] = ()


class Side(NamedTuple):
    """One outcome of a comparison; a safe one is false while anything in it is unknown."""

    text: str
    is_safe: bool = False


def compared(one: Value, other: Value, holds: Side, fails: Side, negated: bool) -> Test:
    """A comparison of two values as expressions."""
    if negated:
        holds, fails = fails, holds
    wanting = unknown_of(one, other)
    if not wanting:
        return Test(holds.text, fails.text, "", holds.text)
    unknown = " or ".join(f"{variable} is None" for variable in wanting)
    known = " and ".join(f"{variable} is not None" for variable in wanting)
    return Test(
        holds.text if holds.is_safe else f"{known} and {holds.text}",
        fails.text if fails.is_safe else f"{known} and {fails.text}",
        unknown,
        holds.text if holds.text in wanting else f"None if {unknown} else {holds.text}",
        "" if holds.is_safe else holds.text,
        tuple(wanting),
        tuple(wanting),
    )


def joined(tests: Sequence[Test], *, all_of: bool) -> Test:
    """All of these, or any of them, as expressions."""
    one, other = ("and", "or") if all_of else ("or", "and")
    holds = f" {one} ".join(wrapped(test.holds) for test in tests)
    fails = f" {other} ".join(wrapped(test.fails) for test in tests)
    known = tuple(name for test in tests for name in test.known_so) if all_of else ()
    if not any(test.unknown for test in tests):
        return Test(holds, fails, "", f"not not ({holds})", "", known)
    value = f"True if {holds} else False if {fails} else None"
    return Test(holds, fails, f"not {wrapped(fails)}", value, "", known)


def wrapped(text: str) -> str:
    """An expression that can be joined with others."""
    return f"({text})" if re.search(" (and|or) ", text) else text
