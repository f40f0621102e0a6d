"""``avoir policy list``, ``avoir policy show`` and ``avoir plugins list``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click
import msgspec

from avoir.cli.words import reader
from avoir.messages import N_

if TYPE_CHECKING:
    from avoir.cli.main import Context

Word = Callable[[str], str]
NO_PLUGINS = N_("No plugin is installed.")
QUARANTINED = N_("not served: {reason}")
INSTALLED = N_("served")


def policy_group(word: Word) -> click.Group:
    """What is known of the policies."""

    @click.group("policy", help=N_("List and show the policies."))
    def group() -> None:
        pass

    @group.command("list", help=N_("List the policies."))
    @click.option("--json", "form", flag_value="json", help=N_("Write JSON."))
    @click.pass_obj
    def list_policies(context: Context, form: str | None) -> None:
        rows = []
        for policy in context.host.policies.values():
            words = reader(context.host, context.tag, policy)
            rows.append(
                {
                    "key": policy.key,
                    "title": words.word(policy.title),
                    "summary": words.word(policy.summary),
                    "version": policy.version,
                    "edition": policy.edition().hash,
                    "clauses": len(policy.catalogue),
                }
            )
        if form == "json":
            click.echo(msgspec.json.format(msgspec.json.encode(rows)))
            return
        for row in rows:
            click.echo(f"{row['key']}  {row['title']}\n    {row['summary']}")

    @group.command("show", help=N_("Show a policy: clauses, parameters, facts, actions, states."))
    @click.argument("key")
    @click.option("--json", "form", flag_value="json", help=N_("Write JSON."))
    @click.option(
        "--compiled",
        "form",
        flag_value="compiled",
        help=N_("Write the functions that the tables are compiled to."),
    )
    @click.option("--lang", help=N_("The language of the answer: en, fr or ru."))
    @click.pass_obj
    def show(context: Context, key: str, form: str | None, lang: str | None) -> None:
        from avoir.cli.evaluation import _tag
        from avoir.descriptions import described

        policy = context.host.policy(key)
        if form == "compiled":
            from avoir.programs import source

            click.echo("\n\n".join(source(table) for table in policy.tables))
            return
        words = reader(context.host, _tag(context, lang), policy)
        described_policy = described(policy.edition(), words)
        if form == "json":
            click.echo(msgspec.json.format(msgspec.json.encode(described_policy)))
            return
        from avoir.cli.text import page

        click.echo(page(described_policy, words))

    return group


def plugins_group(word: Word) -> click.Group:
    """Which plugins are installed, and which of them are not served."""

    @click.group("plugins", help=N_("List the installed plugins."), invoke_without_command=True)
    @click.option("--json", "form", flag_value="json", help=N_("Write JSON."))
    @click.pass_context
    def group(command: click.Context, form: str | None) -> None:
        if command.invoked_subcommand is None:
            command.invoke(list_plugins, form=form)

    @group.command("list", help=N_("List the installed plugins."))
    @click.option("--json", "form", flag_value="json", help=N_("Write JSON."))
    @click.pass_obj
    def list_plugins(context: Context, form: str | None) -> None:
        from avoir.messages import Message

        host, words = context.host, context.words
        if form == "json":
            served = [
                {
                    "name": p.name,
                    "distribution": p.distribution,
                    "version": p.version,
                    "policies": [policy.key for policy in p.policies],
                    "status": "served",
                }
                for p in host.plugins
            ]
            faulty = [
                {"name": q.name, "status": "quarantined", "reason": q.reason}
                for q in host.quarantined
            ]
            click.echo(msgspec.json.format(msgspec.json.encode([*served, *faulty])))
            return
        if not host.plugins and not host.quarantined:
            click.echo(words.word(NO_PLUGINS))
        for plugin in host.plugins:
            policies = ", ".join(policy.key for policy in plugin.policies) or "–"
            name = f"{plugin.name} ({plugin.distribution} {plugin.version})"
            click.echo(f"{name}  {words.word(INSTALLED)}: {policies}")
        for quarantined in host.quarantined:
            reason = " ".join(quarantined.reason.split())
            reason = words.say(Message(QUARANTINED, values={"reason": reason}))
            click.echo(f"{quarantined.name}  {reason}")

    return group
