"""Values of parameters as somebody states them at the terminal: one by one, or in a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from avoir.errors import UsageError
from avoir.messages import N_
from avoir_gateway.commands.terminal import Mistake, say

if TYPE_CHECKING:
    from avoir.cli.main import Context
    from avoir_gateway.store import JSON

NO_VALUE = N_("“{value}” is no value: write it as NAME=VALUE.")
NO_VALUES = N_("Name values with --set NAME=VALUE or --values FILE.json.")


def values_of(context: Context, stated: Sequence[str], file: str | None) -> dict[str, JSON]:
    """The values of a file, and over them those of the command line."""
    values: dict[str, JSON] = {} if file is None else _of_file(file)
    for one in stated:
        name, separator, text = one.partition("=")
        if not separator or not name:
            raise Mistake(say(context, NO_VALUE, value=_safe(one)))
        values[_safe(name)] = _value(text)
    if not values:
        raise Mistake(say(context, NO_VALUES))
    return values


def _of_file(name: str) -> dict[str, JSON]:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as fault:
        raise UsageError("cannot_read", file=name, reason=fault.strerror) from fault
    try:
        document = _read(content.decode())
    except (ValueError, RecursionError) as fault:
        raise UsageError("not_json", file=name, reason=str(fault)) from fault
    if not isinstance(document, dict):
        raise UsageError("not_an_object", file=name)
    return document


def _value(text: str) -> JSON:
    try:
        return _read(text)
    except (ValueError, RecursionError):
        return _safe(text)


def _read(text: str) -> JSON:
    """JSON with its decimals as text: nothing of a value is lost on the way."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    value = json.loads(text, parse_float=str, parse_constant=refuse)
    # an escape may have made a lone surrogate, which cannot be written down
    json.dumps(value, ensure_ascii=False).encode()
    return cast("JSON", value)


def _safe(text: str) -> str:
    """What the shell hands on, as text that can be written down."""
    return text.encode("utf-8", "backslashreplace").decode()
