"""Writing: lines in blocks, the names a function reads, and which variables are known where."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import Final

import msgspec

OWN: Final = frozenset(
    {"fact", "parameter", "s", "st", "wrong", "opened", "failed", "adverse", "amount", "found", "U"}
)
"""What the functions call their own."""
LONGEST: Final = 60
_LITERALS: Final = (bool, int, str)


class Source(msgspec.Struct, frozen=True):
    """A function as text, with those it calls before it, and the names it reads."""

    name: str
    text: str
    names: Mapping[str, object]


def identifier(text: str) -> str:
    """A name that Python takes, made from any text; it never begins with an underscore."""
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_").lower()[:LONGEST] or "value"
    if name[0].isdigit():
        name = f"n{name}"
    return f"{name}_" if keyword.iskeyword(name) or name in OWN else name


class Module:
    """What the functions of one source share: the names they read, and functions they call."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values: dict[str, object] = dict(values)
        self.functions: list[str] = []
        self._taken: set[str] = {*OWN, *values}
        self._local: set[str] = set()
        self._constants: dict[tuple[type, object], str] = {}
        self._objects: dict[int, tuple[builtins.object, str]] = {}
        self._functions: dict[int, tuple[builtins.object, str]] = {}

    def free(self, hint: str) -> str:
        """A name that nothing has yet, in any function."""
        name = _unlike(self._taken | self._local, hint)
        self._taken.add(name)
        return name

    def local(self, hint: str, taken: Collection[str]) -> str:
        """A name for a variable: other functions may have one of that name, but nothing else."""
        name = _unlike({*self._taken, *taken}, hint)
        self._local.add(name)
        return name

    def literal(self, value: object) -> str:
        """A constant: as it is written, or a name for it."""
        if value is None or (isinstance(value, _LITERALS) and not isinstance(value, Enum)):
            return repr(value)
        key = (type(value), value)
        if key not in self._constants:
            hint = type(value).__name__
            if isinstance(value, Enum):
                hint = f"{hint}_{value.name}"
            self._constants[key] = name = self.free(hint)
            self.values[name] = value
        return self._constants[key]

    def object(self, value: builtins.object, hint: str) -> str:
        """A name for an object that is no value: a function, a span, a term with its own code."""
        found = self._objects.get(id(value))
        if found is None:
            # an id is one's own only while one is kept
            found = self._objects[id(value)] = (value, self.free(hint))
            self.values[found[1]] = value
        return found[1]

    def function(self, of: builtins.object, hint: str) -> tuple[str, bool]:
        """The name of the function of a term or a condition, and whether it is to be written."""
        found = self._functions.get(id(of))
        if found is not None:
            return found[1], False
        self._functions[id(of)] = (of, self.free(hint))
        return self._functions[id(of)][1], True


def _unlike(taken: Collection[str], hint: str) -> str:
    stem = name = identifier(hint)
    number = 2
    while name in taken:
        name, number = f"{stem}_{number}", number + 1
    return name


class Writer:
    """Writes one function, block by block."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._lines: list[str] = []
        self._depth = 1
        self._known: list[set[str]] = [set()]
        self._certain: list[set[str]] = [set()]
        self._temporary = 0
        self._variables: dict[int, tuple[object, str]] = {}
        self.kept: list[str] = []
        """Variables that begin as not computed yet: several places may be the first to need one."""

    def text(self, head: str, first: Sequence[str] = ()) -> str:
        """The whole function."""
        opening = [f"def {head}:", *(f"    {line}" for line in first)]
        if self.kept:
            opening.append(f"    {' = '.join(self.kept)} = U")
        return "\n".join([*opening, *self._lines, ""])

    def source(self, name: str, first: Sequence[str] = (), takes: str = "s") -> Source:
        """The whole function of a situation, with those it calls before it."""
        first = ["fact, parameter = s.facts.get, s.parameters", *first]
        text = self.text(f"{name}({takes})", first)
        return Source(name, "\n\n".join([*self.module.functions, text]), self.module.values)

    def line(self, text: str) -> None:
        """A line at the present depth."""
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """What is written meanwhile stands in a block, and is known only there."""
        self.line(head)
        self._depth += 1
        self._known.append(set())
        self._certain.append(set())
        before = len(self._lines)
        yield
        if len(self._lines) == before:
            self.line("pass")
        self._known.pop()
        self._certain.pop()
        self._depth -= 1

    def has_ended(self) -> bool:
        """Whether what was written last leaves the block: nothing after it is reached."""
        return self._lines[-1].removeprefix("    " * self._depth).startswith(("return", "break"))

    def is_known(self, variable: str) -> bool:
        """Whether a variable certainly has its value here."""
        return any(variable in scope for scope in self._known)

    def becomes_known(self, variable: str) -> None:
        """A variable has its value from here on, to the end of the block."""
        self._known[-1].add(variable)

    def is_certain(self, variable: str) -> bool:
        """Whether the value of a variable is certainly no unknown one here."""
        return any(variable in scope for scope in self._certain)

    def becomes_certain(self, *variables: str) -> None:
        """The values of these are no unknown ones from here on, to the end of the block."""
        self._certain[-1].update(variables)

    def variable(self, of: object, hint: str) -> str:
        """The variable of a term: the same one wherever the term stands."""
        found = self._variables.get(id(of))
        if found is None:
            taken = [name for _, name in self._variables.values()]
            found = self._variables[id(of)] = (of, self.module.local(hint, taken))
        return found[1]

    def temporary(self) -> str:
        """A variable of no term; no term's own begins with an underscore."""
        self._temporary += 1
        return f"_{self._temporary}"
