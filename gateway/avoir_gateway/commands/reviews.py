"""``avoir reviews``: what waits for a person, taken, released and ruled on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from avoir.lifecycles import ROLES, Role
from avoir.messages import N_, Message
from avoir.readers import Reader
from avoir_gateway.commands.desk import (
    AS_JSON,
    DOOR,
    KEY,
    TENANT,
    at_desk,
    at_terminal,
    columns,
    mistake,
    new_key,
    order_of,
    stamp,
    user,
    write,
)
from avoir_gateway.commands.terminal import Mistake, reader, say, tenant_named

if TYPE_CHECKING:
    from avoir.cli.main import Context
    from avoir.policies import Policy
    from avoir_gateway import store
    from avoir_gateway.administration.reviews import Review
    from avoir_gateway.service import Service

CASE = click.argument("case", metavar="CASE")

MOST: Final = 1_000
"""Cases that are listed at once."""

MORE = N_("There are more of them.")
NOTHING = N_("Nothing waits.")
NO_CASE = N_("There is no case {case} that waits.")
TAKEN = N_("{name} has taken {case}.")
RELEASED = N_("{case} may be taken by anybody.")
WAITS = N_("{case} waits for this role: {role}. Since {since}.")
DUE = N_("{label}: {day} ({clause})")
TAKEN_BY = N_("Taken for review by {name} on {moment}.")
ASKED = N_("Reason")
NO_REASON = N_("A ruling has a reason: give it with --reason.")


def reviews_command() -> click.Group:
    """The commands about what waits for a person."""

    @click.group("reviews", help=N_("Reviews: what waits for a person, taken and ruled on."))
    def group() -> None:
        pass

    for command in (_list(), _show(), _claim(), _release(), _rule()):
        group.add_command(command)
    return group


# -- looking -------------------------------------------------------------------------------------


def _list() -> click.Command:
    @click.command("list", help=N_("List what waits, the longest waiting first."))
    @TENANT
    @click.option("--policy", help=N_("The cases of this policy only."))
    @click.option(
        "--taken",
        type=click.Choice(("unclaimed", "claimed", "mine")),
        help=N_("Those that nobody has taken, that somebody has, or that you have."),
    )
    @click.option(
        "--first",
        type=click.IntRange(1, MOST),
        default=50,
        help=N_("How many to list; 50 by default."),
    )
    @AS_JSON
    @click.pass_obj
    def command(
        context: Context,
        tenant: str,
        policy: str | None,
        taken: str | None,
        first: int,
        as_json: bool,
    ) -> None:
        told, more = at_desk(
            context, lambda service: _listed(context, service, tenant, policy, taken, first)
        )
        if as_json:
            write({"reviews": told, "more": more})
            return
        rows = [
            (
                str(one["case"]),
                str(one["since"]),
                "–" if one["due"] is None else str(one["due"]["date"]),
                str(one["waits_for_label"]),
                str(one["recommendation"]["label"]),
                "–" if one["claimed_by"] is None else str(one["claimed_by"]["name"]),
            )
            for one in told
        ]
        write(columns(rows) if rows else [say(context, NOTHING)])
        if more:
            click.echo(say(context, MORE), err=True)

    return command


def _show() -> click.Command:
    @click.command("show", help=N_("Show a case that waits, and the decision that is left."))
    @CASE
    @TENANT
    @AS_JSON
    @click.pass_obj
    def command(context: Context, case: str, tenant: str, as_json: bool) -> None:
        from avoir.cli.text import written

        found, document = at_desk(
            context, lambda service: _looked_at(context, service, tenant, case)
        )
        words = _words(context, found.policy)
        if as_json:
            write({**_told(found, words), "recommendation": document})
            return
        role = reader(context).word(ROLES[found.declared.role])
        lines = [say(context, WAITS, case=found.case, role=role, since=found.since)]
        if found.due is not None and found.declared.due is not None:
            label = words.word(found.declared.due.label)
            clause = found.due.clause
            lines.append(say(context, DUE, label=label, day=found.due.date, clause=clause))
        if found.claim is not None:
            name, moment = found.claim.by.name, found.claim.at
            lines.append(say(context, TAKEN_BY, name=name, moment=moment))
        write([*lines, "", written(document, words)])

    return command


async def _listed(
    context: Context,
    service: Service,
    name: str,
    policy: str | None,
    taken: str | None,
    first: int,
) -> tuple[list[dict[str, Any]], bool]:
    """What waits, as documents, with what is recommended in a word; whether there is more."""
    from avoir_gateway.administration import reviews
    from avoir_gateway.matters import Case
    from avoir_gateway.service import Declined

    tenant = await tenant_named(context, service.stores.tenants, name)
    # what a process that ended left out of the lists comes in first
    await service.stores.projections.catch_up()
    which = reviews.Which(
        policies=None if policy is None else {policy},
        taken=None if taken is None else reviews.Taken(taken),
    )
    page = await reviews.queue(
        service, at_terminal(tenant.id, Role.OPERATOR), tenant, which, None, first
    )
    if isinstance(page, Declined):
        raise mistake(context, page.errors)
    keys = [(tenant.id, row.case) for row in page.rows]
    histories = await service.stores.journal.histories(keys) if keys else {}
    told = []
    for row, key in zip(page.rows, keys, strict=True):
        words = _words(context, row.policy)
        document = _document(Case(tuple(histories[key])), words)
        short = {name: document[name] for name in ("outcome", "label", "amount", "clauses")}
        told.append({**_told(row, words), "recommendation": short})
    return told, page.more


async def _looked_at(
    context: Context, service: Service, name: str, case: str
) -> tuple[Review, dict[str, Any]]:
    """A case that waits, and the decision that is left to a person."""
    from avoir_gateway.administration import reviews
    from avoir_gateway.administration.reviews import Review
    from avoir_gateway.matters import Case

    tenant = await tenant_named(context, service.stores.tenants, name)
    key = _text(context, case)
    found = await reviews.review(service, at_terminal(tenant.id, Role.OPERATOR), tenant, key)
    if not isinstance(found, Review):
        raise Mistake(say(context, NO_CASE, case=key))
    records = await service.stores.journal.history(tenant.id, key)
    return found, _document(Case(tuple(records)), _words(context, found.policy))


def _told(review: Review, words: Reader) -> dict[str, Any]:
    """A case that waits, as a document."""
    due, claim = review.due, review.claim
    return {
        "case": review.case,
        "policy": review.policy.key,
        "party": review.party,
        "revision": review.revision,
        "since": stamp(review.since),
        "due": None
        if due is None
        else {"kind": due.kind, "date": due.date.isoformat(), "clause": due.clause},
        "waits_for": review.declared.role.value,
        "waits_for_label": words.word(ROLES[review.declared.role]),
        "claimed_by": None
        if claim is None
        else {"id": claim.by.id, "name": claim.by.name, "at": stamp(claim.at)},
    }


def _document(case: Any, words: Reader) -> dict[str, Any]:
    """The decision that is left to a person, in the reader's words."""
    from avoir.documents import rendered, restored

    document = rendered(restored(case.recommending.decision), words)
    assert isinstance(document, dict)
    return document


# -- taking, releasing and ruling ----------------------------------------------------------------


def _claim() -> click.Command:
    @click.command("claim", help=N_("Take a case for review: nobody else settles it then."))
    @CASE
    @TENANT
    @KEY
    @AS_JSON
    @click.pass_obj
    def command(context: Context, case: str, tenant: str, key: str | None, as_json: bool) -> None:
        record = at_desk(
            context,
            lambda service: _ordered(context, service, tenant, case, key, Role.REVIEWER),
        )
        if as_json:
            write(record.after or {})
        else:
            write([say(context, TAKEN, name=user(), case=case)])

    return command


def _release() -> click.Command:
    @click.command("release", help=N_("Let others take a case, whoever has taken it."))
    @CASE
    @TENANT
    @KEY
    @AS_JSON
    @click.pass_obj
    def command(context: Context, case: str, tenant: str, key: str | None, as_json: bool) -> None:
        record = at_desk(
            context,
            lambda service: _ordered(context, service, tenant, case, key, Role.OPERATOR),
        )
        if as_json:
            write(record.before or {})
        else:
            write([say(context, RELEASED, case=case)])

    return command


async def _ordered(
    context: Context, service: Service, name: str, case: str, key: str | None, role: Role
) -> store.AdministrativeRecord:
    """Take a case as a reviewer, or release one as an operator."""
    from avoir_gateway.administration import Administering, reviews
    from avoir_gateway.service import Declined

    tenant = await tenant_named(context, service.stores.tenants, name)
    order = order_of(at_terminal(tenant.id, role), tenant, key)
    change = reviews.claim if role is Role.REVIEWER else reviews.release
    done = await change(Administering(service), order, _text(context, case))
    if isinstance(done, Declined):
        raise mistake(context, done.errors)
    return done.record


def _rule() -> click.Command:
    @click.command("rule", help=N_("Rule on a case; 1 where the ruling is not possible."))
    @CASE
    @click.argument("decision", metavar="DECISION")
    @click.option("--reason", help=N_("Why, in any language; asked for where it is left out."))
    @TENANT
    @KEY
    @AS_JSON
    @click.pass_obj
    def command(
        context: Context,
        case: str,
        decision: str,
        reason: str | None,
        tenant: str,
        key: str | None,
        as_json: bool,
    ) -> None:
        from avoir.cli.text import written

        if reason is None and sys.stdin.isatty() and sys.stdout.isatty():
            reason = click.prompt(say(context, ASKED))
        if reason is None:
            raise Mistake(say(context, NO_REASON))
        facts = {"ruling": {"decision": decision, "reason": reason}}
        policy, document = at_desk(
            context, lambda service: _ruled(context, service, tenant, case, facts, key)
        )
        if as_json:
            write(document)
        else:
            write([written(document, _words(context, policy))])
        if document["outcome"] in ("blocked", "unchanged"):
            raise click.exceptions.Exit(1)

    return command


async def _ruled(
    context: Context,
    service: Service,
    name: str,
    case: str,
    facts: dict[str, dict[str, str]],
    key: str | None,
) -> tuple[Policy, dict[str, Any]]:
    """What a ruling comes to, as the document of a decision."""
    from avoir.documents import rendered, restored
    from avoir.rulings import RULING
    from avoir_gateway import store
    from avoir_gateway.service import Command, Declined

    tenant = await tenant_named(context, service.stores.tenants, name)
    known = _text(context, case)
    latest = await service.stores.journal.latest(tenant.id, known)
    policy = None if latest is None else service.policy(tenant, latest.policy)
    if policy is None:
        raise Mistake(say(context, NO_CASE, case=known))
    command = Command(
        policy=policy.key, action=RULING, key=key or new_key(), facts=facts, case=known
    )
    origin = store.Origin(door=DOOR)
    done = await service.act(at_terminal(tenant.id, Role.REVIEWER), tenant, command, origin)
    await service.drain()
    words = _words(context, policy)
    if isinstance(done, Declined):
        said = (_said(context, words, one.message) for one in done.errors)
        raise Mistake(" ".join(said))
    document = rendered(restored(done.record.decision), words)
    assert isinstance(document, dict)
    return policy, document


def _said(context: Context, words: Reader, message: Message) -> str:
    """A message of the gateway or of a policy in the terminal's words."""
    from avoir_gateway.errors import OUR_OWN

    return (reader(context) if message.text in OUR_OWN else words).say(message)


def _words(context: Context, policy: Policy) -> Reader:
    """The one at the terminal, as he reads the words of a policy."""
    return Reader(
        context.tag, "UTC", context.host.catalogs, domain=policy.domain, labels=policy.labels
    )


def _text(context: Context, case: str) -> str:
    """The id of a case; a mistake where it is no text that the store could hold."""
    if not case or "\0" in case or any("\ud800" <= c <= "\udfff" for c in case):
        shown = case[:60].encode("ascii", "backslashreplace").decode()
        raise Mistake(say(context, NO_CASE, case=shown))
    return case
