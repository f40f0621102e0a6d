"""Tenants: created, changed, suspended and closed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, cast

import msgspec

from avoir.messages import N_, Language, Message
from avoir.money import AmountError, currency
from avoir.periods import CalendarError, zone
from avoir_gateway import store
from avoir_gateway.access import PLATFORM, Permission, Principal, administers
from avoir_gateway.administration.recording import (
    Administering,
    Change,
    Done,
    Order,
    RefusedError,
)
from avoir_gateway.errors import Code, UserError, failure
from avoir_gateway.service import Declined
from avoir_gateway.store import JSON, Session

_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_LOCALE: Final = re.compile(r"[a-z]{2}(?:[_-][A-Z]{2})?", re.ASCII)
LONGEST_NAME: Final = 200

NO_ID = N_("An id consists of up to 63 small letters, digits and hyphens.")
TAKEN = N_("There is a tenant of that id.")
NO_NAME = N_("A name has 1 to 200 characters, none of them a control character.")
NO_LANGUAGE = N_("Avoir speaks English, French and Russian: en_CA, fr_FR, ru_RU and the like.")
NO_ZONE = N_("This is no time zone: they are named as America/Toronto is.")
NO_CURRENCY = N_("This is no currency: they are named as CAD and EUR are.")
NOT_INSTALLED = N_("There is no plugin or policy {name} here. Known are: {known}.")


class NewTenant(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant to be: its locale such as ``fr_CA``, its IANA time zone, its ISO 4217 currency."""

    id: str
    name: str
    language: str
    time_zone: str
    currency: str
    plugins: tuple[str, ...] = ()
    kind: store.TenantKind = store.TenantKind.LIVE


class TenantChange(msgspec.Struct, frozen=True, kw_only=True):
    """What shall be otherwise; None leaves it as it is."""

    name: str | None = None
    language: str | None = None
    time_zone: str | None = None
    currency: str | None = None


async def create(administering: Administering, order: Order, new: NewTenant) -> Done | Declined:
    """Create a tenant: for administrators."""
    if not administers(order.actor):
        return Declined((failure(Code.FORBIDDEN),))
    known = administering.service.host
    wrong = [
        *([] if _ID.fullmatch(new.id) and new.id != PLATFORM else [_wrong(NO_ID, "id")]),
        *_unfit(new),
        *(
            unknown_plugin(administering, name, "plugins")
            for name in new.plugins
            if not known.enabled([name])
        ),
    ]
    if wrong:
        return Declined(tuple(wrong))
    tenant = store.Tenant(
        id=new.id,
        name=new.name,
        language=new.language.replace("-", "_"),
        time_zone=new.time_zone,
        currency=new.currency,
        plugins=tuple(dict.fromkeys(new.plugins)),
        kind=new.kind,
    )

    async def change(session: Session) -> Change:
        try:
            await administering.stores.tenants.add(tenant, session)
        except store.AlreadyThere:
            raise RefusedError(UserError(Code.CONFLICT.value, Message(TAKEN), ("id",))) from None
        return Change(subject="tenant", before=None, after=told(tenant))

    asked = cast(dict[str, JSON], msgspec.to_builtins(new))
    return await administering.carry_out(order, tenant, "tenant.create", asked, change)


async def alter(
    administering: Administering, order: Order, named: str | None, wanted: TenantChange
) -> Done | Declined:
    """Rename a tenant, or change its language, time zone or currency."""
    tenant = await administering.concerned(order.actor, named, Permission.CHANGE_TENANT)
    if isinstance(tenant, Declined):
        return tenant
    wrong = _unfit(wanted)
    if wrong:
        return Declined(tuple(wrong))
    stated = {
        field: value
        for field, value in msgspec.structs.asdict(wanted).items()
        if isinstance(value, str)
    }
    asked = cast(dict[str, JSON], stated)
    if "language" in stated:
        stated["language"] = stated["language"].replace("-", "_")
    return await _replaced(administering, order, tenant, "tenant.change", asked, stated)


async def set_status(
    administering: Administering, order: Order, named: str, status: store.TenantStatus
) -> Done | Declined:
    """Suspend a tenant, close it for all but reading, or serve it again: for administrators."""
    if not administers(order.actor) or named == PLATFORM:
        return Declined((failure(Code.FORBIDDEN),))
    tenant = await administering.directory.tenant(named)
    if tenant is None:
        return Declined((failure(Code.NOT_FOUND, "tenant"),))
    action = {
        store.TenantStatus.ACTIVE: "tenant.resume",
        store.TenantStatus.SUSPENDED: "tenant.suspend",
        store.TenantStatus.CLOSED: "tenant.close",
    }[status]
    return await _replaced(administering, order, tenant, action, {}, {"status": status})


async def listing(
    administering: Administering, actor: Principal, after: str | None, first: int
) -> Sequence[store.Tenant] | Declined:
    """So many tenants behind one by their ids: for administrators."""
    if not administers(actor):
        return Declined((failure(Code.FORBIDDEN),))
    return await administering.stores.tenants.page(after, first)


def platform() -> store.Tenant:
    """The tenant of the administrators, as it is made with the first of them."""
    return store.Tenant(
        id=PLATFORM,
        name="Avoir",
        language=Language.ENGLISH.value,
        time_zone="UTC",
        currency="EUR",
        kind=store.TenantKind.PLATFORM,
    )


async def ensure_platform(administering: Administering) -> None:
    """Make the tenant of the administrators, unless it is there."""
    with suppress(store.AlreadyThere):
        await administering.stores.tenants.add(platform())
        administering.directory.forget_tenant(PLATFORM)


async def _replaced(
    administering: Administering,
    order: Order,
    tenant: store.Tenant,
    action: str,
    asked: dict[str, JSON],
    values: dict[str, str] | dict[str, store.TenantStatus],
) -> Done | Declined:
    async def change(session: Session) -> Change:
        before = await current(administering, tenant.id, session)
        after = msgspec.structs.replace(before, **values)
        await administering.stores.tenants.replace(after, session)
        return Change(subject="tenant", before=told(before), after=told(after))

    return await administering.carry_out(order, tenant, action, asked, change)


async def current(administering: Administering, tenant: str, session: Session) -> store.Tenant:
    """A tenant as it stands within a transaction."""
    found = await administering.stores.tenants.get(tenant, session)
    if found is None:
        raise RefusedError(failure(Code.NOT_FOUND, "tenant"))
    return found


def told(tenant: store.Tenant) -> dict[str, JSON]:
    """A tenant as a record tells it; the clock of a test tenant is no part of it."""
    values = cast(dict[str, JSON], msgspec.to_builtins(tenant))
    del values["clock"]
    return values


def unknown_plugin(administering: Administering, name: str, path: str) -> UserError:
    """That nothing of that name is installed, and what is."""
    host = administering.service.host
    known = sorted({plugin.name for plugin in host.plugins if plugin.policies} | {*host.policies})
    values = {"name": name[:60], "known": ", ".join(known)}
    return UserError(Code.NOT_FOUND.value, Message(NOT_INSTALLED, values=values), (path,))


def _wrong(message: str, path: str) -> UserError:
    return UserError(Code.BAD_REQUEST.value, Message(message), (path,))


def _unfit(wanted: NewTenant | TenantChange) -> list[UserError]:
    wrong: list[UserError] = []
    name, language = wanted.name, wanted.language
    if name is not None and not is_name(name):
        wrong.append(_wrong(NO_NAME, "name"))
    if language is not None and not is_locale(language):
        wrong.append(_wrong(NO_LANGUAGE, "language"))
    if wanted.time_zone is not None:
        try:
            zone(wanted.time_zone)
        except CalendarError:
            wrong.append(_wrong(NO_ZONE, "timeZone"))
    if wanted.currency is not None:
        try:
            currency(wanted.currency)
        except AmountError:
            wrong.append(_wrong(NO_CURRENCY, "currency"))
    return wrong


def is_name(name: str) -> bool:
    """Whether a name can be shown to people."""
    return len(name.strip()) > 0 and len(name) <= LONGEST_NAME and name.isprintable()


def is_locale(tag: str) -> bool:
    """Whether a locale is one that Avoir speaks."""
    return _LOCALE.fullmatch(tag) is not None and tag[:2] in set(Language)
