"""Broken plugins: each is quarantined by name with a reason, and the rest serves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from avoir.hookspecs import GROUP
from avoir.host import Host
from tests.contracts.command import avoir
from tests.contracts.strangers import POLICY, facts

ROOT = Path(__file__).parents[2]

REASONS = {
    "absent": "No module named 'tests.contracts.mishaps.absent'",
    "another_api": "incompatible_api: plugin=another_api, written_for=99, host=1",
    "asks_for_more": "{'database'} are declared in the hookimpl but can not be found",
    "clause_in_no_row": "clause_in_no_row: plugin=clause_in_no_row, "
    "policy=clause_in_no_row.specimen, clause=SPECIMEN-FORGOTTEN",
    "exits": "SystemExit: no licence found",
    "exits_in_the_hook": "SystemExit: 3",
    "hookless": "no_hook: plugin=hookless",
    "misspelt": "no_hook: plugin=misspelt",
    "namesake": "name_twice: plugin=acme, distribution=acme-leads",
    "raises": "RuntimeError: the price list is missing",
    "raises_in_the_hook": "LookupError: no policy today",
    "returns_nothing": "not_a_plugin: plugin=returns_nothing, returned=NoneType",
    "returns_rubbish": "not_a_plugin: plugin=returns_rubbish, returned=str",
    "same_catalog": "catalog_twice: plugin=same_catalog, domain=acme_leads",
    "same_catalog_twice": "catalog_twice: plugin=same_catalog_twice, domain=specimen",
    "same_policy_twice": "policy_twice: plugin=same_policy_twice, "
    "policy=same_policy_twice.specimen",
    "somebody_elses": "policy_of_another_plugin: plugin=somebody_elses, policy=acme.lead_gift",
}
"""Every broken plugin of ``mishaps``, and a part of the reason that is given for it."""


def points(names: Iterable[str]) -> list[EntryPoint]:
    """Entry points for broken plugins."""
    return [EntryPoint(name, f"tests.contracts.mishaps.{name}", GROUP) for name in names]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Iterable[str]], list[Path]]:
    """Makes a distribution of broken plugins; returns what must be on the path for it."""

    def make(names: Iterable[str]) -> list[Path]:
        information = tmp_path / "mishaps-1.0.0.dist-info"
        information.mkdir()
        (information / "METADATA").write_text("Metadata-Version: 2.1\nName: mishaps\n")
        lines = [f"{point.name} = {point.value}" for point in points(names)]
        (information / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines]))
        return [tmp_path, ROOT]

    return make


def test_every_mishap_is_tried() -> None:
    """No broken plugin lies in the folder without a test."""
    files = {path.stem for path in (Path(__file__).parent / "mishaps").glob("*.py")}
    apart = {"specimen", "commands_exit", "commands_rubbish", "unreadable_catalog"}
    assert files - apart == {*REASONS} - {"absent"}


@pytest.mark.parametrize(
    "name",
    REASONS,
)
def test_a_broken_plugin_is_quarantined(name: str, stranger_points: list[EntryPoint]) -> None:
    """A broken plugin is named with its reason; the stranger beside it is served."""
    host = Host([*stranger_points, *points([name])])
    assert [quarantined.name for quarantined in host.quarantined] == [name]
    assert REASONS[name] in host.quarantined[0].reason
    assert [plugin.name for plugin in host.plugins] == ["acme"]
    assert list(host.policies) == [POLICY]
    assert list(host.catalogs.by_domain) == ["acme_leads"]


def test_all_at_once_they_keep_nobody_from_serving(stranger_points: list[EntryPoint]) -> None:
    """With every broken plugin installed, each is quarantined for its own fault."""
    names = {*REASONS}
    host = Host([*points(names), *stranger_points])
    assert {quarantined.name for quarantined in host.quarantined} == names
    for quarantined in host.quarantined:
        assert REASONS[quarantined.name] in quarantined.reason
    assert list(host.policies) == [POLICY]


def test_a_name_is_given_once(stranger_points: list[EntryPoint]) -> None:
    """Two entry points of one name: the first is served, the second is quarantined."""
    (acme,) = stranger_points
    host = Host([acme, EntryPoint(acme.name, "tests.contracts.mishaps.namesake", GROUP)])
    assert [plugin.distribution for plugin in host.plugins] == ["acme-leads"]
    assert [quarantined.name for quarantined in host.quarantined] == ["acme"]


def test_the_command_serves_the_rest(
    folder: Callable[[Iterable[str]], list[Path]], stranger_path: Path
) -> None:
    """``avoir evaluate`` decides as ever beside a folder full of broken plugins."""
    path = [stranger_path, *folder(REASONS)]
    ran = avoir("evaluate", POLICY, "-", path=path, stdin=facts("02"))
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["outcome"] == "approved"


def test_the_command_names_them(
    folder: Callable[[Iterable[str]], list[Path]], stranger_path: Path
) -> None:
    """``avoir plugins`` has one line for each broken plugin, with its reason, beside the rest."""
    names = {*REASONS}
    path = [stranger_path, *folder(names)]
    listed = {plugin["name"]: plugin for plugin in avoir("plugins", "--json", path=path).json}
    assert {name for name, p in listed.items() if p["status"] == "quarantined"} >= names
    for name in names:
        assert REASONS[name] in listed[name]["reason"]
    assert {"acme", "locales", "xpertsource"} <= {
        name for name, plugin in listed.items() if plugin["status"] == "served"
    }
    lines = avoir("plugins", path=path).out.splitlines()
    for name in names:
        (line,) = [line for line in lines if line.startswith(f"{name}  ")]
        assert " ".join(REASONS[name].split()) in line


# commands and catalogs are asked for after a plugin is loaded


@pytest.mark.parametrize("name", ["commands_exit", "commands_rubbish"])
def test_a_plugin_whose_commands_fail_takes_no_other_down(
    name: str, folder: Callable[[Iterable[str]], list[Path]], stranger_path: Path
) -> None:
    """Commands that cannot be had quarantine their plugin; the other commands work."""
    path = [stranger_path, *folder([name])]
    ran = avoir("plugins", "--json", path=path)
    assert ran.code == 0
    listed = {plugin["name"]: plugin["status"] for plugin in ran.json}
    assert listed[name] == "quarantined"
    assert listed["acme"] == "served"


def test_a_plugin_whose_commands_fail_is_not_served(stranger_points: list[EntryPoint]) -> None:
    """A plugin in quarantine for its commands has no policies either; it is all or nothing."""
    host = Host([*stranger_points, *points(["commands_exit"])])
    assert host.commands() == []
    assert [plugin.name for plugin in host.plugins] == ["acme"]
    assert list(host.policies) == [POLICY]


@pytest.mark.parametrize("name", ["another_api", "asks_for_more"])
def test_a_plugin_in_quarantine_has_no_commands(name: str) -> None:
    """What is not served adds nothing to ``avoir``."""
    host = Host(points([name]))
    assert host.commands() == []
    assert [quarantined.name for quarantined in host.quarantined] == [name]


def test_a_catalog_that_cannot_be_read_takes_nothing_down(
    folder: Callable[[Iterable[str]], list[Path]], stranger_path: Path
) -> None:
    """A catalog in which there are no messages costs its plugin the words, not the user all."""
    path = [stranger_path, *folder(["unreadable_catalog"])]
    ran = avoir("policy", "list", "--json", path=path, language="fr")
    assert ran.code == 0
    assert POLICY in {row["key"] for row in ran.json}
