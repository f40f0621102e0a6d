"""What the claims of a token say: the tenant, the actor, the role, the party and the name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from avoir.lifecycles import PARTIES, Role
from avoir_gateway.access import PLATFORM, Principal
from avoir_gateway.settings import Algorithm

ACTOR: Final = "oidc:"
"""What the ids of the issuer's actors begin with: none is that of an actor of our tokens."""
LONGEST_TEXT: Final = 255
"""Characters of a subject, as OpenID Connect has it, and of what else a claim names."""

Claims = Mapping[str, object]


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What is expected of an issuer's tokens, and which of their claims say who comes."""

    issuer: str
    audience: tuple[str, ...]
    algorithms: tuple[Algorithm, ...]
    tenant_claim: str
    role_claim: str
    party_claim: str
    name_claim: str

    def __post_init__(self) -> None:
        # None to check against would be taken for nothing to check.
        if not self.audience or not self.algorithms:
            raise ValueError("an issuer's tokens need an audience and algorithms")


def principal(
    claims: Claims, expected: Expected, wanted: str | None, credential: str
) -> Principal | None:
    """Who comes with checked claims, in the role wanted or else the first that is one of ours.

    None where a claim is lacking or of another type, or where they do not fit together.
    """
    tenant = _text(claim(claims, expected.tenant_claim))
    subject = _text(claims.get("sub"))
    if tenant is None or subject is None:
        return None
    role = _role(claim(claims, expected.role_claim), tenant, wanted)
    party = claim(claims, expected.party_claim)
    if role is None or not _is_party_of(role, party):
        return None
    name = claim(claims, expected.name_claim)
    if not isinstance(name, str | None):
        return None
    return Principal(
        tenant=tenant,
        id=ACTOR + subject,
        role=role,
        name=_printable(name or "") or subject,
        party=_text(party),
        credential=credential,
    )


def claim(claims: Claims, name: str) -> object:
    """The claim of a name, or within objects by the steps of a path: ``realm_access.roles``."""
    if name in claims:
        return claims[name]
    found: object = claims
    for step in name.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _text(value: object) -> str | None:
    """A text that names something, and that may stand in a line of the log."""
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_TEXT:
        return None
    return value if value.isprintable() and value.strip() == value else None


def _printable(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:LONGEST_TEXT]


def _role(named: object, tenant: str, wanted: str | None) -> Role | None:
    names = [named] if isinstance(named, str) else named
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    allowed = (name for name in names if _is_allowed(name, tenant))
    return next((Role(name) for name in allowed if wanted in (None, name)), None)


def _is_allowed(name: str, tenant: str) -> bool:
    """Whether a role may come by a token: the platform has administrators, others have the rest."""
    if name not in _ROLES:
        return False
    return (name == Role.ADMINISTRATOR) is (tenant == PLATFORM)


_ROLES: Final = frozenset(role.value for role in Role if role is not Role.SYSTEM)
_PARTY: Final = re.compile(r"[^\s:@]{1,200}")


def _is_party_of(role: Role, party: object) -> bool:
    """Whether one who acts in a role for a party has one of that role, and nobody else has any."""
    if role not in PARTIES:
        return party is None
    text = _text(party)
    kind, _, identity = (text or "").partition(":")
    return kind == role and _PARTY.fullmatch(identity) is not None
