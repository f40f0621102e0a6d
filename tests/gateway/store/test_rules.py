"""The table of rules in the documentation names tests that exist."""

import re
from pathlib import Path

HERE = Path(__file__).parent
TABLE = HERE.parents[2] / "docs" / "store-rules.md"


def test_the_table_of_rules_names_tests_that_exist() -> None:
    """Every test that the table of the store's rules names is there, under that name."""
    written = {
        name
        for folder in (HERE, HERE.parent / "reviews")
        for file in folder.glob("test_*.py")
        for name in re.findall(r"def test_(\w+)\(", file.read_text())
    }
    # The names in the table are sentences; what has fewer than four words is something else.
    named = set(re.findall(r"`(\w+)`", TABLE.read_text()))
    sentences = {name for name in named if name.count("_") >= 3}
    assert len(sentences) > 30
    assert sentences <= written
