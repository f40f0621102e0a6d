"""In which language the command speaks, and what it says of each error."""

from __future__ import annotations

import atexit
import gettext
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Final

from avoir.errors import AvoirError, UsageError
from avoir.host import Host
from avoir.messages import N_, Language, Message
from avoir.parameters import ParameterError
from avoir.policies import STANDING, Policy
from avoir.readers import Reader

CLICK: Final = "click"
"""The domain of the words of the command-line library."""

ERRORS: Final[Mapping[str, str]] = {
    "unknown_policy": N_("There is no policy “{policy}”. Known are: {known}."),
    "unknown_action": N_("The policy {policy} has no action “{action}”. Known are: {known}."),
    "unknown_report": N_("The policy {policy} has no report “{report}”."),
    "bad_parameters": N_("These parameters cannot be in force: {parameters}."),
    "window_always_empty": N_(
        "With these parameters no request could ever be made: see {clause} of {policy}."
    ),
    "not_a_case_file": N_("{file} is no case file: {reason}"),
    "not_json": N_("{file} is not JSON: {reason}"),
    "cannot_read": N_("{file} cannot be read: {reason}"),
    "not_an_object": N_("{file} must hold a JSON object."),
    "facts_missing": N_("Name a file of facts, or “-” to read them from the standard input."),
    "unknown_language": N_("There is no language “{language}”. Known are: {known}."),
    "policy_missing": N_("Name a policy. Known are: {known}."),
}


_LOCALE: Final = re.compile(f"({'|'.join(Language)})(?:[-_]([A-Za-z]{{2}}))?")


def locale_of(name: str) -> str | None:
    """The locale of a name such as ``fr`` or ``fr-CA``, where its language is one of ours."""
    found = _LOCALE.fullmatch(name)
    if found is None:
        return None
    language, territory = found.groups()
    return f"{language}_{territory.upper()}" if territory else language


def wanted_language(environment: Mapping[str, str]) -> str:
    """The locale of the environment, where it is one of ours; else English."""
    for name in ("AVOIR_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = re.split("[:.@]", environment.get(name, ""))[0]
        locale = locale_of(value)
        if locale is not None:
            return locale
        if value in ("C", "POSIX"):
            return Language.ENGLISH
    return Language.ENGLISH


def speak(host: Host, tag: str) -> None:
    """Let the command-line library speak a language too: its catalog is read as gettext does."""
    language = tag.partition("_")[0]
    catalog = host.catalogs.by_domain.get(CLICK)
    if language == Language.ENGLISH or catalog is None or not catalog.path(language).is_file():
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    # gettext looks for the file at every message, so it stays until we end
    folder = Path(tempfile.mkdtemp(prefix="avoir-words-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    compiled = folder / language / "LC_MESSAGES" / f"{CLICK}.mo"
    compiled.parent.mkdir(parents=True)
    with catalog.path(language).open("rb") as source, compiled.open("wb") as target:
        write_mo(target, read_po(source, locale=language))
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(CLICK, str(folder))
    gettext.textdomain(CLICK)


def reader(host: Host, tag: str, policy: Policy | None = None, time_zone: str = "") -> Reader:
    """Somebody who reads a policy's messages in a language."""
    if policy is None:
        return Reader(tag, time_zone or "UTC", host.catalogs)
    zone = time_zone or policy.time_zone
    return Reader(tag, zone, host.catalogs, policy.domain, policy.labels)


def with_known_actions(fault: UsageError, policy: Policy) -> UsageError:
    """The same mistake, naming what a policy may be asked for."""
    known = [*(action.name for action in policy.lifecycle.actions), STANDING]
    return UsageError(fault.code, **{**fault.data, "known": ", ".join(known)})


def explained(fault: AvoirError, words: Reader) -> str:
    """One line that says what is wrong, where, and what to do."""
    text = ERRORS.get(fault.code)
    if text is None:
        return str(fault)
    # a value that an error does not carry is left out of its sentence
    values = {name: "…" for _, name, _, _ in Formatter().parse(text) if name}
    values |= {key: str(value) for key, value in fault.data.items()}
    if isinstance(fault, ParameterError):
        values["parameters"] = "; ".join(f"{f.path} {words.say(f.message)}" for f in fault.faults)
    return words.say(Message(text, values=values))
