"""Every clause of every installed policy: what reaches it, and its text in each language.

``python -m tests.contracts.clauses [--all] [POLICY…]`` prints the list from the code, the case
files and the recorded examples, and ends with 1 where there is a gap; of many names it prints
the first, unless all are asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from textwrap import fill
from typing import Any, Final

from avoir.cases import evaluate
from avoir.clauses import Clause
from avoir.host import Host
from avoir.messages import Language
from avoir.policies import Edition, Policy
from avoir.testing import SEQUENCE, document, load

CASES: Final = Path(__file__).parents[1] / "cases"
SHOWN: Final = 6


@dataclass(frozen=True)
class Reached:
    """A decided case or a recorded example: its name, its action, and the clauses it cites."""

    name: str
    action: str
    cites: frozenset[str]


@dataclass(frozen=True)
class Listed:
    """A clause, its texts, and what cites it or leaves it out.

    What leaves it out counts where the same action may cite it: the others could not.
    """

    policy: str
    clause: Clause
    texts: Mapping[str, str]
    cases: Sequence[Reached]
    examples: Sequence[Reached]

    def citing(self, among: Sequence[Reached]) -> Sequence[str]:
        """The names of those that cite the clause."""
        return [one.name for one in among if self.clause.id in one.cites]

    def leaving_out(self, among: Sequence[Reached]) -> Sequence[str]:
        """The names of those that do not, although their action can."""
        everything = (*self.cases, *self.examples)
        actions = {one.action for one in everything if self.clause.id in one.cites}
        return [
            one.name for one in among if one.action in actions and self.clause.id not in one.cites
        ]

    def gaps(self) -> Iterator[str]:
        """What is wanting."""
        everything = (*self.cases, *self.examples)
        if not self.citing(everything):
            yield "nothing cites it"
        elif not self.leaving_out(everything):
            yield "nothing leaves it out"
        if not self.clause.citation.lines:
            yield "no line of the terms"
        languages = list(self.texts)
        for index, one in enumerate(languages):
            if not self.texts[one].strip():
                yield f"no text in {one}"
            for other in languages[index + 1 :]:
                if self.texts[one] == self.texts[other]:
                    yield f"one text in {one} and {other}"


@cache
def host() -> Host:
    """The installed plugins."""
    return Host()


@cache
def listed(key: str) -> Mapping[str, Listed]:
    """The clauses of a policy, by id."""
    policy = host().policy(key)
    cases, examples = list(_cases(policy)), list(_examples(policy))
    return {
        clause.id: Listed(policy.key, clause, _texts(policy, clause), cases, examples)
        for clause in policy.catalogue
    }


def _texts(policy: Policy, clause: Clause) -> Mapping[str, str]:
    catalogs = host().catalogs
    return {
        language.value: catalogs.translations(policy.domain, language).gettext(clause.text)
        for language in Language
    }


def _cases(policy: Policy) -> Iterator[Reached]:
    path = CASES / f"{policy.key}.json"
    for case in load(path.read_bytes()) if path.is_file() else ():
        if case.action == SEQUENCE:
            yield Reached(case.id, SEQUENCE, frozenset(document(case, policy)["clauses"]))
        else:
            yield _reached(case.id, policy, case.action, case.facts, case.parameters)


def _examples(policy: Policy) -> Iterator[Reached]:
    for example in examples(policy):
        yield _reached(str(example), policy, example.action, example.facts, example.parameters)


def examples(policy: Policy) -> Iterator[Any]:
    """The examples in ``RECORDED`` of the plugin's tests: title, facts, action, parameters."""
    for module in (
        f"tests.plugins.{policy.plugin}.{policy.name}.recorded",
        f"tests.plugins.{policy.plugin}.recorded",
    ):
        if _exists(module):
            for example in import_module(module).RECORDED:
                of = getattr(example, "policy", policy.key)
                if of in (policy, policy.key, policy.name):
                    yield example
            return


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _reached(
    name: str,
    policy: Policy,
    action: str | None,
    facts: object,
    parameters: Mapping[str, Any] | None,
) -> Reached:
    decision = evaluate(_edition(policy, repr(parameters), parameters), action, facts)
    named = policy.verbs.get(action or "", action) or policy.lifecycle.actions[0].name
    return Reached(name, named, frozenset(clause.id for clause in decision.clauses))


_EDITIONS: Final[dict[tuple[str, str], Edition]] = {}


def _edition(policy: Policy, values: str, parameters: Mapping[str, Any] | None) -> Edition:
    key = (policy.key, values)
    if key not in _EDITIONS:
        _EDITIONS[key] = policy.edition(parameters)
    return _EDITIONS[key]


def lines(one: Listed, shown: int | None = SHOWN) -> Iterator[str]:
    """A clause as it is printed, with so many names of what reaches it."""
    citation = one.clause.citation
    numbers = ", ".join(map(str, citation.lines))
    yield f"{one.clause.id}  document {citation.document.id}, lines {numbers}"
    for language, text in one.texts.items():
        yield fill(text, 96, initial_indent=f"    {language}  ", subsequent_indent="        ")
    for kind, among in (("cases", one.cases), ("examples", one.examples)):
        citing, others = one.citing(among), one.leaving_out(among)
        yield _named(f"cited by {len(citing)} {kind}", citing, shown)
        yield _named(f"left out by {len(others)} {kind}", others, shown)
    for gap in one.gaps():
        yield f"    GAP: {gap}"


def _named(what: str, names: Sequence[str], shown: int | None) -> str:
    rest = [] if shown is None or len(names) <= shown else ["…"]
    text = f"{what}: {'; '.join([*names[:shown], *rest])}" if names else what
    return fill(text, 96, initial_indent="    ", subsequent_indent="        ")


def main(arguments: Sequence[str]) -> int:
    """Print the list of these policies, or of all; 1 where there is a gap."""
    shown = None if "--all" in arguments else SHOWN
    keys = [argument for argument in arguments if argument != "--all"]
    gaps = 0
    for key in keys or list(host().policies):
        print(f"{key}: {len(listed(key))} clauses\n")
        for one in listed(key).values():
            gaps += len(list(one.gaps()))
            print(*lines(one, shown), "", sep="\n")
    print(f"{gaps} gaps")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
