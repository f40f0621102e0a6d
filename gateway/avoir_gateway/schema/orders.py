"""Orders: what the mutations of the configuration have in common."""

from __future__ import annotations

from avoir_gateway import errors
from avoir_gateway.administration import Administering, Order
from avoir_gateway.schema.describing import Info
from avoir_gateway.schema.ids import is_plain
from avoir_gateway.schema.types import UserError, failed

KEY_TOLD = "The same key gives the same answer and does nothing twice."
TENANT_TOLD = (
    "The id of the tenant, which only an administrator of the installation names; one's own "
    "by default."
)
REPLAYED_TOLD = "Whether this is the answer that the same key was given before."


def administering(info: Info) -> Administering:
    """What carries orders out."""
    return Administering(info.context.service)


def order(info: Info, key: str) -> Order:
    """The order of the one who asks, under his key."""
    context = info.context
    return Order(actor=context.principal, tenant=context.tenant, origin=context.origin, key=key)


def named(tenant: str | None) -> str | None:
    """The id of a tenant as somebody gave it; one that no tenant can have is an empty one."""
    return tenant if tenant is None or is_plain(tenant) else ""


def refusals(info: Info, reasons: tuple[errors.UserError, ...]) -> list[UserError]:
    """Why nothing was changed, in the reader's words."""
    return [failed(reason, list(reason.path), info.context, None) for reason in reasons]
