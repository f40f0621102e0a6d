"""What goes into the use cases and what comes out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec

from avoir.conditions import Situation
from avoir.documents import Tree
from avoir.facts import Intake
from avoir.ledger import Balance
from avoir.lifecycles import Action
from avoir.policies import Edition, Policy
from avoir_gateway import store
from avoir_gateway.access import Principal
from avoir_gateway.errors import UserError
from avoir_gateway.matters import Case, Document

Party: TypeAlias = str
"""A party's full name, ``professional:P-1``."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The collections that the service reads and writes."""

    journal: store.Journal
    projections: store.Projections
    lists: store.Coalescing
    listings: store.Listings
    figures: store.Figures
    tenants: store.Tenants
    tokens: store.Tokens
    parameters: store.Parameters
    past: store.Past
    uses: store.Uses
    administration: store.Administration
    reviews: store.Reviews
    sealing: store.Sealing
    trails: store.Trails
    verifier: store.Verifier


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """An action somebody wants done: on a case, or for a party where it opens one.

    ``party`` is the id of the party without its role. ``facts`` is the document that the actor
    states.
    """

    policy: str
    action: str
    key: str
    facts: Document
    case: str | None = None
    party: str | None = None
    time_zone: str | None = None
    expected_revision: int | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """A command on its way: who gives it, for which tenant, through which door."""

    actor: Principal
    tenant: store.Tenant
    origin: store.Origin
    policy: Policy
    action: Action
    command: Command
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that an action decides on: the edition, the facts, and the accounts that were read."""

    edition: Edition
    facts: dict[str, Any]
    intake: Intake
    situation: Situation
    balances: Mapping[str, Balance]
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision as a document with its messages still in it, and the edition that made it."""

    policy: Policy
    edition: Edition
    decision: Mapping[str, Tree]


@dataclass(frozen=True, slots=True)
class Acted:
    """What an action did: its record; ``again`` says that the key was answered before."""

    policy: Policy
    record: store.Record
    again: bool


@dataclass(frozen=True, slots=True)
class Declined:
    """Why nothing was done; nothing was written."""

    errors: tuple[UserError, ...]


class PluginStatus(StrEnum):
    """Whether a tenant has the plugin of a case: enabled, no longer so, or not installed here."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    NOT_INSTALLED = "not_installed"


@dataclass(frozen=True, slots=True)
class BareCase:
    """A case whose plugin is not installed: its records are kept, and nothing is said of them."""

    case: Case


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it stands at a moment: its records, its state by now, what is due and allowed."""

    policy: Policy
    case: Case
    state: str
    standing: Mapping[str, Tree]
    allowed_actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NextAction:
    """An action that may be taken on a case now, and what it would still want.

    ``missing`` are paths of facts, ``preconditions`` what must come first.
    """

    action: Action
    missing: tuple[str, ...]
    preconditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account of a party: its full name, its unit, and where its last entry left it."""

    name: str
    party: str
    unit: str
    decimals: int
    label: str
    policy: Policy
    seq: int
    balance: int
