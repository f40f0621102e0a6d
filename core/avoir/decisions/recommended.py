"""What another table recommends, as terms that a ruling may compare and cite."""

from __future__ import annotations

from avoir.clauses import Clause, Mode, Outcome, Table
from avoir.conditions import Situation, Term
from avoir.decisions.deciding import decide
from avoir.decisions.decision import Decision
from avoir.facts import Facts


class Recommended(Term[Outcome]):
    """What another table comes to in the same situation: what a ruling confirms or replaces."""

    __slots__ = ("facts", "table")

    def __init__(self, table: Table, facts: type[Facts], label: str) -> None:
        self.table = table
        self.facts = facts
        self.label = label

    def decision(self, situation: Situation) -> Decision:
        """The recommendation, made once in a situation."""
        made = situation.measured.get(id(self))
        if not isinstance(made, Decision):
            made = decide(self.table, situation, self.facts, "UTC")
            situation.measured[id(self)] = made
        return made

    def value(self, situation: Situation) -> Outcome:
        return self.decision(situation).outcome

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return ()


class RecommendedMode(Term[Mode]):
    """What a recommendation is worth; unknown where it is neither."""

    __slots__ = ("recommended",)

    def __init__(self, recommended: Recommended, label: str) -> None:
        self.recommended = recommended
        self.label = label

    def value(self, situation: Situation) -> Mode | None:
        return self.recommended.decision(situation).mode

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return ()


class RecommendedClauses(Term[tuple[Clause, ...]]):
    """The clauses that a recommendation cites."""

    __slots__ = ("recommended",)

    def __init__(self, recommended: Recommended, label: str) -> None:
        self.recommended = recommended
        self.label = label

    def value(self, situation: Situation) -> tuple[Clause, ...]:
        return self.recommended.decision(situation).clauses

    def unknown(self, situation: Situation) -> tuple[str, ...]:
        return ()
