"""The policy ``acme.lead_return``: its lifecycle, its accounts, and all that is in the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from acme_leads.catalogue import AMOUNT, CALLS, CATALOGUE, NO_SALE, PERSON, WINDOW
from acme_leads.facts import LABELS, TOKEN, F
from acme_leads.measures import last_day
from acme_leads.parameters import P
from acme_leads.states import S
from acme_leads.table import DELIVERY, RETURN, RULING, WINDOW_CLOSES
from avoir.clauses import Outcome
from avoir.dates import day
from avoir.ledger import Account
from avoir.lifecycles import (
    Action,
    Derived,
    Event,
    Founding,
    Keyed,
    Lifecycle,
    Role,
    State,
    Statement,
)
from avoir.measures import tolerant_measure
from avoir.messages import N_
from avoir.policies import Policy

DELIVER = Action(
    "deliver",
    N_("record the delivery of a lead"),
    frozenset({Role.PLATFORM}),
    DELIVERY,
    inputs=(F.lead.id, F.lead.delivered_at, F.lead.price),
    requires=(F.lead.id, F.lead.delivered_at, F.lead.price),
    founding=Founding.OPENS,
    claims=(Keyed("lead", F.lead.id),),
    identifies=F.lead.id,
)
RETURN_LEAD = Action(
    "return_lead",
    N_("return a lead"),
    frozenset({Role.PROFESSIONAL}),
    RETURN,
    inputs=(F.request.ground, F.request.calls),
    requires=(F.request.ground,),
    from_states=frozenset({S.DELIVERED, S.CALLS_MISSING}),
    stamps=(F.request.submitted_at,),
    statement=Statement.ANEW,
)
RULE = Action(
    "rule",
    N_("rule on the return"),
    frozenset({Role.REVIEWER}),
    RULING,
    inputs=(F.ruling.verdict, F.ruling.reason),
    requires=(F.ruling.verdict, F.ruling.reason),
    from_states=frozenset({S.UNDER_REVIEW}),
    signs=F.ruling.by,
)


@tolerant_measure(F.lead.id, F.lead.returned_before, label=N_("state"))
def standing(lead: str | None, returned: bool | None) -> str | None:
    """The state that a facts document shows by itself, where there is no case."""
    if returned:
        return S.RETURNED
    return None if lead is None else S.DELIVERED


def history(events: Sequence[Event]) -> Mapping[str, object]:
    """What the records of a case show: whether the lead was taken back."""
    returned = any(event.outcome == Outcome.APPROVED for event in events)
    return {"lead": {"returned_before": returned}}


LIFECYCLE: Final = Lifecycle(
    states=(
        State(S.DELIVERED, N_("delivered"), (WINDOW,)),
        State(S.KEPT, N_("return period over"), (WINDOW,)),
        State(S.CALLS_MISSING, N_("calls missing"), (CALLS,)),
        State(S.UNDER_REVIEW, N_("being looked into"), (PERSON,)),
        State(S.RETURNED, N_("returned"), (AMOUNT,)),
        State(S.REFUSED, N_("return refused"), (NO_SALE,)),
    ),
    actions=(RETURN_LEAD, DELIVER, RULE),
    derived=(Derived(S.KEPT, frozenset({S.DELIVERED, S.CALLS_MISSING}), day(F.as_of) > last_day),),
    standing=standing,
    history=history,
    as_of=F.as_of,
    deadlines=(WINDOW_CLOSES,),
)

POLICY: Final = Policy(
    key="acme.lead_return",
    title=N_("Returning a lead to Acme"),
    summary=N_("When Acme takes a lead back, and how many tokens the professional gets."),
    version="1",
    effective_from=date(2025, 1, 1),
    facts=F,
    parameters=P,
    catalogue=CATALOGUE,
    lifecycle=LIFECYCLE,
    accounts=(
        Account("professional:tokens", N_("tokens of the professional"), TOKEN),
        Account("house:lead_sales", N_("tokens from leads sold"), TOKEN),
    ),
    party=Role.PROFESSIONAL,
    time_zone="Europe/London",
    domain="acme_leads",
    labels=LABELS,
)
