"""``avoir evaluate`` and ``avoir check``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from avoir.batch import UNREADABLE, spread
from avoir.cases import evaluate
from avoir.cli.lines import HIDDEN, Lines, opened, portions, standard_input
from avoir.cli.words import explained, locale_of, reader, with_known_actions
from avoir.documents import rendered, tree
from avoir.errors import UsageError
from avoir.messages import N_, Language, N_n
from avoir.parameters import ParameterError
from avoir.policies import Policy
from avoir.testing import Difference, differences, load

if TYPE_CHECKING:
    from avoir.cli.main import Context

Word = Callable[[str], str]


def _content(name: str) -> bytes:
    try:
        return standard_input().read() if name == "-" else Path(name).read_bytes()
    except OSError as fault:
        raise UsageError("cannot_read", file=name, reason=fault.strerror) from fault


def _object(name: str, content: bytes) -> Mapping[str, Any]:
    try:
        document = msgspec.json.decode(content)
    except UNREADABLE as fault:
        raise UsageError("not_json", file=name, reason=str(fault)) from fault
    if not isinstance(document, dict):
        raise UsageError("not_an_object", file=name)
    return document


def _tag(context: Context, lang: str | None) -> str:
    tag = context.tag if lang is None else locale_of(lang)
    if tag is None:
        raise UsageError("unknown_language", language=lang, known=", ".join(Language))
    return tag


def _decided(
    context: Context,
    policy: Policy,
    action: str | None,
    facts: object,
    parameters: Mapping[str, Any],
    tag: str,
) -> tuple[dict[str, object], str]:
    """The decision's document in a language, and the language it is in."""
    edition = policy.edition(parameters)
    try:
        decision = evaluate(edition, action, facts)
    except UsageError as fault:
        raise with_known_actions(fault, policy) from None
    zone = policy.time_zone
    if (
        isinstance(facts, Mapping)
        and isinstance(facts.get("time_zone"), str)
        and not decision.faults
    ):
        zone = facts["time_zone"]
    document = rendered(tree(decision, edition), reader(context.host, tag, policy, zone))
    assert isinstance(document, dict)
    document["errors"] = [f"{fault['path']}: {fault['message']}" for fault in document["errors"]]
    return document, zone


def evaluate_command(word: Word) -> click.Command:
    """One decision, or one a line."""

    @click.command("evaluate", help=N_("Decide on a document of facts; nothing is changed."))
    @click.argument("policy", required=False)
    @click.argument("facts", required=False)
    @click.option("--action", help=N_("The action to decide on; the policy’s first by default."))
    @click.option("--lang", help=N_("The language of the answer: en, fr or ru."))
    @click.option(
        "--parameters", help=N_("A JSON file of parameter values other than the defaults.")
    )
    @click.option("--text", "form", flag_value="text", help=N_("Write for people, not as JSON."))
    @click.option(
        "--lines",
        "form",
        flag_value="lines",
        help=N_("Read one request a line, write one decision a line."),
    )
    @click.option(
        "--workers",
        type=click.IntRange(min=1),
        help=N_("With --lines: how many processes decide; by default one for each processor."),
    )
    @click.pass_obj
    def command(
        context: Context,
        policy: str | None,
        facts: str | None,
        action: str | None,
        lang: str | None,
        parameters: str | None,
        form: str | None,
        workers: int | None,
    ) -> None:
        tag = _tag(context, lang)
        if form == "lines":
            answered = Lines(context, tag, is_explained=lang is not None)
            _lines(facts or policy or "-", answered, workers)
            return
        if policy is None:
            raise UsageError("policy_missing", known=", ".join(context.host.policies))
        chosen = context.host.policy(policy)
        if facts is None and sys.stdin is not None and sys.stdin.isatty():
            raise UsageError("facts_missing")
        source = facts or "-"
        stated = {} if parameters is None else _object(parameters, _content(parameters))
        document, zone = _decided(
            context, chosen, action, _object(source, _content(source)), stated, tag
        )
        if form == "text":
            from avoir.cli.text import written

            click.echo(written(document, reader(context.host, tag, chosen, zone)))
            return
        click.echo(_json(document, indent=2))

    return command


def _json(document: Mapping[str, object], indent: int = 0) -> bytes:
    shown = {key: value for key, value in document.items() if key not in HIDDEN}
    encoded = msgspec.json.encode(shown)
    return msgspec.json.format(encoded, indent=indent) if indent else encoded


def _lines(name: str, answered: Lines, workers: int | None) -> None:
    """One decision a line; a line that cannot be read gets an answer that says so."""
    out = sys.stdout.buffer
    # who hangs up ends the processes too
    with (
        opened(name) as file,
        closing(spread(portions(file), answered, workers)) as answers,
    ):
        for portion in answers:
            out.write(portion)
    out.flush()


def check_command(word: Word) -> click.Command:
    """Compare decided cases with what the policies decide."""

    @click.command("check", help=N_("Compare files of decided cases with what is decided now."))
    @click.argument("files", nargs=-1, required=True)
    @click.pass_obj
    def command(context: Context, files: tuple[str, ...]) -> None:
        found = 0
        cases = 0
        for name in files:
            try:
                loaded = load(_content(name))
            except UsageError as fault:
                raise UsageError(fault.code, **{**fault.data, "file": name}) from fault
            except (UnicodeDecodeError, RecursionError) as fault:
                raise UsageError("not_a_case_file", file=name, reason=str(fault)) from fault
            for case in loaded:
                cases += 1
                differing = list(_differences(context, case))
                found += bool(differing)
                for difference in differing:
                    _show(difference, case.title, context)
        click.echo(context.words.say(CHECKED.counted(cases, differing=found)))
        if found:
            raise click.exceptions.Exit(1)

    return command


CHECKED = N_n("{n} case, {differing} differing.", "{n} cases, {differing} differing.")
EXPECTED, CAME = N_("expected"), N_("came")


def _differences(context: Context, case: Any) -> Iterator[Difference]:
    policy = context.host.policy(case.policy)
    try:
        yield from differences(case, policy)
    except ParameterError as fault:
        yield Difference(case.id, "parameters", case.parameters, explained(fault, context.words))
    except UsageError as fault:
        raise with_known_actions(fault, policy) from None


def _show(difference: Difference, title: str, context: Context) -> None:
    word = context.words.word
    click.echo(f"{difference.case}  {title}")
    click.echo(f"    {difference.name}")
    click.echo(f"      {word(EXPECTED)}: {_plain(difference.expected)}")
    click.echo(f"      {word(CAME)}: {_plain(difference.came)}")


def _plain(value: object) -> str:
    return msgspec.json.encode(value, enc_hook=str).decode()
