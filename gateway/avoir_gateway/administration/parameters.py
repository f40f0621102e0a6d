"""Parameters: set from a day on, never backwards; each change makes an edition of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, cast

import msgspec

from avoir.errors import PolicyError
from avoir.messages import N_, Message
from avoir.parameters import ParameterError
from avoir.periods import LAST_YEAR
from avoir.policies import Edition, Policy
from avoir_gateway import store
from avoir_gateway.access import Permission, Principal
from avoir_gateway.administration.recording import (
    Administering,
    Change,
    Done,
    Order,
    RefusedError,
    demand,
)
from avoir_gateway.administration.trials import Bounds, Progress, Subject, Trial, tried
from avoir_gateway.errors import Code, UserError, failure, fault
from avoir_gateway.matters import Case
from avoir_gateway.service import Declined, Service
from avoir_gateway.store import JSON, ParameterValues, Session

SET: Final = "parameters.set"
LARGEST: Final = 16_384
"""Bytes of the values of one order."""
MOST_FAULTS: Final = 50
LONGEST: Final = 3_660
"""Days of which a trial may look at the cases."""
_STEP: Final = re.compile(r"[^\[\]]+")
FINEST: Final = timedelta(milliseconds=1)

PAST = N_("Values cannot be set for a day that is over: the first is {today}.")
TOO_FAR = N_("Values can be set up to the year {year}.")
TOO_LARGE = N_("The values of one change have at most {most} bytes.")
NO_MAPPING = N_("The values are an object: the name of each parameter with its value.")
EMPTY_WINDOW = N_("With these values no day is left for {clauses}.")
LATER = N_("From {day} on, other values hold, which were set before.")
NO_DAYS = N_("A trial looks at the cases of the last {least} to {most} days.")

OWN: Final = frozenset({PAST, TOO_FAR, TOO_LARGE, NO_MAPPING, EMPTY_WINDOW, NO_DAYS})
"""Messages of this room: those of values that cannot be are of the policy or of the core."""


class Values(msgspec.Struct, frozen=True, kw_only=True):
    """What shall hold from a day on: a patch laid over what holds then; null is the default.

    ``expected_hash`` is that of the edition which is believed to be in force on that day.
    """

    policy: str
    effective_from: date
    values: Mapping[str, JSON]
    expected_hash: str | None = None


@dataclass(frozen=True, slots=True)
class EditionMade:
    """What an order made: the edition before and the one since, by the day of the change.

    ``later`` are days from which other values hold that were set before; ``again`` says that the
    key was answered before.
    """

    before: Edition
    after: Edition
    later: tuple[date, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class Dated:
    """An edition that was set: by whom and when, or the default, which nobody set.

    ``superseded`` says that other values were set later for the same day.
    """

    edition: Edition
    set_by: str | None
    set_at: datetime | None
    superseded: bool


async def set_values(
    administering: Administering, order: Order, wanted: Values
) -> EditionMade | Declined:
    """Set values of a policy from a day on; a case that was opened before keeps its edition.

    Raises ``GatewayError`` where the store does not answer or the outcome is unknown.
    """
    tenant = await administering.concerned(order.actor, None, Permission.SET_PARAMETERS)
    if isinstance(tenant, Declined):
        return tenant
    service = administering.service
    policy = service.policy(tenant, wanted.policy)
    if policy is None:
        return Declined((failure(Code.PLUGIN_DISABLED, "policy"),))
    if not _fits(wanted.values):
        return Declined((_wrong(TOO_LARGE, "values", most=LARGEST),))
    parameters = administering.stores.parameters

    async def change(session: Session) -> Change:
        known = await parameters.listing(tenant.id, policy.key, session)
        before = in_force(policy, known, wanted.effective_from)
        if wanted.expected_hash not in (None, before.edition.hash):
            raise RefusedError(failure(Code.CONFLICT, "expectedHash"))
        first = service.today(tenant)
        if wanted.effective_from < first:
            raise RefusedError(_wrong(PAST, "effectiveFrom", today=first))
        if wanted.effective_from.year > LAST_YEAR:
            raise RefusedError(_wrong(TOO_FAR, "effectiveFrom", year=str(LAST_YEAR)))
        made = patched(policy, before, wanted.values, wanted.effective_from)
        if made.edition.hash == before.edition.hash:
            raise RefusedError(failure(Code.NOTHING_CHANGED, "values"))
        values = ParameterValues(
            tenant=tenant.id,
            policy=policy.key,
            effective_from=wanted.effective_from,
            values=dict(made.stated),
            set_by=order.actor.id,
            at=max([service.clock(), *(one.at + FINEST for one in known)]),
            number=1 + max((one.number or 0 for one in known), default=0),
        )
        try:
            await parameters.set(values, session)
        except store.AlreadyThere:
            raise RefusedError(failure(Code.CONFLICT, "effectiveFrom")) from None
        return Change(subject=f"parameters:{policy.key}", before=_told(before), after=_told(made))

    asked = cast(dict[str, JSON], msgspec.to_builtins(wanted))
    done = await administering.carry_out(order, tenant, SET, asked, change)
    if isinstance(done, Declined):
        return done
    administering.directory.forget_values(tenant.id, policy.key)
    known = await parameters.listing(tenant.id, policy.key)
    later = {one.effective_from for one in known if one.effective_from > wanted.effective_from}
    before, after = _restored(policy, done)
    return EditionMade(before, after, tuple(sorted(later)), done.again)


@dataclass(frozen=True, slots=True)
class Stated:
    """An edition with the values that were stated for it: the others are the defaults."""

    edition: Edition
    stated: Mapping[str, JSON]


def in_force(policy: Policy, known: Sequence[ParameterValues], day: date) -> Stated:
    """What is in force on a day; ``known`` are all values ever set, the latest first."""
    for values in known:
        if values.effective_from <= day:
            edition = policy.edition(values.values, values.effective_from)
            return Stated(edition, values.values)
    return Stated(policy.edition(), {})


def patched(
    policy: Policy, before: Stated, patch: Mapping[str, JSON], effective_from: date
) -> Stated:
    """An edition with a patch laid over its values; raises ``RefusedError`` with every fault."""
    laid = {**before.stated, **patch}
    stated = {name: value for name, value in laid.items() if value is not None}
    unknown = {name: None for name in patch if name not in policy.parameters.by_name}
    try:
        # a name that no parameter has is a mistake, whatever it is given
        edition = policy.edition({**stated, **unknown}, effective_from)
    except ParameterError as refused:
        raise RefusedError(
            *(
                UserError(Code.BAD_REQUEST.value, fault.message, _place(policy, fault.path))
                for fault in refused.faults[:MOST_FAULTS]
            )
        ) from None
    except PolicyError as refused:
        clauses = str(refused.data.get("clause", ""))
        raise RefusedError(_wrong(EMPTY_WINDOW, "values", clauses=clauses)) from None
    plain = cast(Mapping[str, JSON], edition.plain_values)
    return Stated(edition, {name: plain[name] for name in stated})


def _place(policy: Policy, path: str) -> tuple[str, ...]:
    """Where a fault stands in an order, step by step; a name that is none is left as it is."""
    steps = _STEP.findall(path)
    known = bool(steps) and steps[0] in policy.parameters.by_name
    return ("values", *steps) if known and "." not in path else ("values", path)


def no_mapping() -> UserError:
    """That values were given in a form that is none."""
    return _wrong(NO_MAPPING, "values")


def _fits(values: Mapping[str, JSON]) -> bool:
    """Whether the values of one order are of a size that may be kept."""
    return len(msgspec.json.encode(values)) <= LARGEST


def _wrong(text: str, path: str, **values: str | int | date) -> UserError:
    return UserError(Code.BAD_REQUEST.value, Message(text, values=values), (path,))


def _told(stated: Stated) -> dict[str, JSON]:
    """An edition as a record tells it."""
    return {
        "hash": stated.edition.hash,
        "effective_from": stated.edition.effective_from.isoformat(),
        "values": dict(stated.stated),
    }


def _restored(policy: Policy, done: Done) -> tuple[Edition, Edition]:
    """The editions before and after a change, from its record."""

    def restored(told: Mapping[str, JSON] | None) -> Edition:
        assert told is not None
        values, since = told["values"], told["effective_from"]
        assert isinstance(values, Mapping)
        return policy.edition(values, date.fromisoformat(str(since)))

    return restored(done.record.before), restored(done.record.after)


async def preview(
    service: Service,
    tenant: store.Tenant,
    policy: Policy,
    values: Mapping[str, JSON],
    effective_from: date,
) -> tuple[Edition, Edition] | Declined:
    """The edition in force on a day, and what would be in its place; nothing is written."""
    if not _fits(values):
        return Declined((_wrong(TOO_LARGE, "values", most=LARGEST),))
    before = in_force(policy, await service.directory.values(tenant.id, policy.key), effective_from)
    try:
        after = patched(policy, before, values, effective_from)
    except RefusedError as refused:
        return Declined(refused.errors)
    return before.edition, after.edition


async def editions(
    service: Service, actor: Principal, tenant: store.Tenant, policy: Policy
) -> list[Dated]:
    """All editions that a tenant ever set for a policy, the latest in force first, and the
    default behind them. Raises ``GatewayError`` for who may not read them."""
    demand(actor, tenant, Permission.READ_PARAMETERS)
    known = await service.stores.parameters.listing(tenant.id, policy.key)
    found: list[Dated] = []
    days: set[date] = set()
    for values in known:
        edition = policy.edition(values.values, values.effective_from)
        superseded = values.effective_from in days
        days.add(values.effective_from)
        found.append(Dated(edition, values.set_by, values.at, superseded))
    return [*found, Dated(policy.edition(), None, None, superseded=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be tried: a patch laid over the values in force on a day, today by default, on
    the cases opened within so many days."""

    policy: str
    values: Mapping[str, JSON]
    on: date | None = None
    days: int = 90


async def try_values(
    service: Service,
    actor: Principal,
    tenant: store.Tenant,
    question: Question,
    *,
    bounds: Bounds | None = None,
    progress: Progress | None = None,
) -> Trial | Declined:
    """Try values before they are saved; nothing is written.

    Raises ``GatewayError`` for who may not, and for a policy that is not enabled.
    """
    demand(actor, tenant, Permission.READ_PARAMETERS)
    policy = service.policy(tenant, question.policy)
    if policy is None:
        raise fault(Code.PLUGIN_DISABLED)
    if not 1 <= question.days <= LONGEST:
        return Declined((_wrong(NO_DAYS, "days", least=1, most=LONGEST),))
    day = question.on or service.today(tenant)
    seen = await preview(service, tenant, policy, question.values, day)
    if isinstance(seen, Declined):
        return seen
    _, candidate = seen
    since = service.now(tenant) - timedelta(days=question.days)
    await service.stores.lists.flush()

    async def pinned(case: Case) -> Edition:
        return await service.pinned(tenant, policy, case)

    subject = Subject(tenant, candidate, since)
    return await tried(service.stores.past, subject, pinned, bounds=bounds, progress=progress)
