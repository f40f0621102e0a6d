"""Decisions: a table of clauses applied to a situation. Pure: no clock, no records, no chance.

A table's program gives a status to every row it reaches; outcome, citations, findings and remedies
are all built from those statuses, so nothing is decided twice, and each of them only if somebody
looks at it.
"""

from .consequences import Deadline, Posting, deadlines, last_moment
from .deciding import decide, impossible_facts
from .decision import INVALID, Decision
from .recommended import Recommended, RecommendedClauses, RecommendedMode

__all__ = [
    "INVALID",
    "Deadline",
    "Decision",
    "Posting",
    "Recommended",
    "RecommendedClauses",
    "RecommendedMode",
    "deadlines",
    "decide",
    "impossible_facts",
    "last_moment",
]
