"""The tutorial for plugin authors says what the stranger's files say, and its commands work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from tests.contracts.command import AVOIR, environment
from tests.contracts.strangers import FOLDER

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text()
RUN = ("console", "sh")


@dataclass(frozen=True)
class Block:
    """A block of code: the line it begins on, its language, the file it is from, its text."""

    line: int
    language: str
    file: str
    text: str

    def __str__(self) -> str:
        return f"{self.line}-{self.file or self.language}"


def blocks() -> Iterator[Block]:
    """The blocks of the page."""
    pattern = r"(?:^<!-- (?P<file>\S+) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$"
    for found in re.finditer(pattern, PAGE, re.MULTILINE | re.DOTALL):
        line = PAGE.count("\n", 0, found.start()) + 1
        yield Block(line, found["language"], found["file"] or "", found["text"])


BLOCKS = list(blocks())


def shell(command: str, folder: Path, stranger_path: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of the page as its reader would, with the stranger installed."""
    path = os.pathsep.join([str(AVOIR.parent), os.environ["PATH"]])
    return subprocess.run(
        ["sh", "-e", "-c", command],
        cwd=folder,
        env={**environment([stranger_path]), "PATH": path},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_the_page_has_no_other_blocks() -> None:
    """Every fence of the page belongs to a block that is held to a file or run."""
    assert PAGE.count("\n```") == 2 * len(BLOCKS)
    for block in BLOCKS:
        assert (block.file == "") is (block.language in RUN), str(block)


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.file], ids=str)
def test_a_block_stands_in_its_file(block: Block) -> None:
    """Each block of code is, line for line, a part of the file it names."""
    assert f"\n{block.text}" in f"\n{(FOLDER / block.file).read_text()}"


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.language == "console"], ids=str)
def test_a_command_prints_what_the_page_shows(block: Block, stranger_path: Path) -> None:
    """Each command of the page, run beside the stranger's files, prints what stands below it."""
    came = ""
    for line in block.text.splitlines():
        if line.startswith("$ "):
            done = shell(line[2:], FOLDER, stranger_path)
            assert (done.returncode, done.stderr) == (0, "")
            came += f"{line}\n{done.stdout}"
    assert came == block.text


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.language == "sh"], ids=str)
def test_a_command_works(block: Block, stranger_path: Path, tmp_path: Path) -> None:
    """Commands that write files work, and leave the stranger's catalogs complete."""
    folder = shutil.copytree(FOLDER, tmp_path / "stranger")
    done = shell(block.text, folder, stranger_path)
    assert done.returncode == 0, done.stderr
    catalog = folder / "acme_leads" / "locales" / "fr" / "LC_MESSAGES" / "acme_leads.po"
    after = catalog.read_text()
    assert 'msgstr "appels manquants"' in after
    assert "fuzzy" not in after
    assert "#~" not in after


def codes(heading: str) -> set[str]:
    """The codes of the table below a heading."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


def raised(module: str, pattern: str) -> set[str]:
    """The codes with which a module refuses something."""
    source = import_module(module).__file__
    assert source is not None
    return set(re.findall(pattern, Path(source).read_text()))


def test_every_check_of_a_policy_is_named() -> None:
    """The table of checks has every code with which a policy is refused, and no other."""
    checks = raised("avoir.policies", r'(?:wrong|PolicyError)\(\s*"(\w+)"')
    checks |= raised("avoir.checks", r'wrong\(\s*"(\w+)"')
    checks |= raised("avoir.checks", r'yield "(\w+)"')
    checks |= raised("avoir.returns", r'yield "(\w+)"')
    assert codes("What is checked when the policy is built") == checks


def test_every_reason_for_quarantine_is_named() -> None:
    """The table of reasons has every code with which the host refuses a plugin, and no other."""
    reasons = raised("avoir.host", r'PluginError\(\s*"(\w+)"')
    assert codes("Why a plugin is not served") == reasons


def test_what_is_said_to_be_somewhere_is_there() -> None:
    """Each name of the last table is found in one of the modules of its row."""
    rows = re.findall(r"^\| (`avoir\..*?) \| (.*) \|$", PAGE, re.MULTILINE)
    assert len(rows) > 8
    for modules, names in rows:
        found = [import_module(name) for name in re.findall(r"`([\w.]+)`", modules)]
        for name in re.findall(r"`(\w+)`", names):
            assert any(hasattr(module, name) for module in found), f"{name} in {modules}"
