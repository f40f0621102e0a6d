"""Has a clause that stands in no row: the policy cannot be built."""

from avoir.clauses import clause
from avoir.hookspecs import API, Plugin, hookimpl
from tests.contracts.mishaps.specimen import TERMS, policy

FORGOTTEN = clause("SPECIMEN-FORGOTTEN", TERMS.lines(2), "Everything is given back on Sundays.")
POLICY = policy("clause_in_no_row.specimen", FORGOTTEN)


@hookimpl
def avoir_plugin() -> Plugin:
    """A plugin that is never asked."""
    return Plugin("clause_in_no_row", API, policies=(POLICY,))
