"""The policy ``cronoshare.contact``: phases, accounts, and all that is in the house."""

from __future__ import annotations

from datetime import date
from typing import Final

from avoir.dates import day
from avoir.ledger import Account
from avoir.lifecycles import (
    Action,
    Derived,
    Founding,
    Identity,
    Keyed,
    Lifecycle,
    Role,
    State,
    Statement,
    Waiting,
)
from avoir.messages import N_
from avoir.policies import BalanceFact, Policy, Report, Side
from avoir_cronoshare import catalogue as c
from avoir_cronoshare import facts, measures, parameters, tables
from avoir_cronoshare.effects import ADVANCES, CRONOS, WINDOW_CLOSES, WINDOW_CLOSING, WINDOW_WARNING
from avoir_cronoshare.facts import CRONO, Act, F
from avoir_cronoshare.parameters import P
from avoir_cronoshare.records import LEFT_TO_A_PERSON, history, related
from avoir_cronoshare.ruling import RULING
from avoir_cronoshare.sequence import play
from avoir_cronoshare.states import S

as_of_day = day(F.event.at)


STATES: Final = (
    State(S.INSUFFICIENT_CRONOS, N_("not enough cronos"), (c.ADVANCE,)),
    State(S.AWAITING_CONFIRMATION, N_("to be confirmed on the site"), (c.ADVANCE_CONFIRM,)),
    State(S.NOT_PERMITTED, N_("not permitted"), (c.PHASE_NOT_PERMITTED,)),
    State(S.MANAGE, N_("to manage"), (c.PHASE_MANAGE, c.WINDOW_60BD)),
    State(S.PROCESSED_REFUNDED, N_("processed: refunded"), (c.PHASE_PROCESSED, c.PHASE_RECTIFY)),
    State(S.PROCESSED_CHOSEN, N_("processed: service done"), (c.PHASE_PROCESSED,)),
    State(S.EXPIRED, N_("expired"), (c.PHASE_EXPIRED,)),
)

HIMSELF: Final = frozenset({Role.PROFESSIONAL})
TO_MANAGE: Final = frozenset({S.MANAGE})
SETTLED: Final = frozenset({S.NOT_PERMITTED, S.PROCESSED_REFUNDED, S.PROCESSED_CHOSEN, S.EXPIRED})
"""Phases without a refund, in which the terms say why."""

ACTIONS: Final = (
    Action(
        Act.REFUND.value,
        N_("refund the commission"),
        HIMSELF,
        tables.REFUNDING,
        inputs=(
            F.event.ground,
            F.client.confirmed_by_client,
            F.client.attempts,
            F.client.occurred_at,
            F.requested_amount,
            F.requested_remedy,
        ),
        from_states=TO_MANAGE,
        refuses_in=SETTLED,
        stamps=(F.event.at,),
        statement=Statement.ANEW,
        signs=F.event.by,
    ),
    Action(
        Act.POSTPONE.value,
        N_("put the refund off"),
        HIMSELF,
        tables.POSTPONING,
        from_states=TO_MANAGE,
        stamps=(F.event.at,),
        signs=F.event.by,
    ),
    Action(
        Act.DECLARE_SERVICE_DONE.value,
        N_("say that the service was done"),
        HIMSELF,
        tables.SERVICE_DONE,
        from_states=TO_MANAGE,
        stamps=(F.event.at,),
        signs=F.event.by,
    ),
    Action(
        Act.RECTIFY.value,
        N_("rectify: the service was done after all"),
        HIMSELF,
        tables.RECTIFYING,
        from_states=frozenset({S.PROCESSED_REFUNDED}),
        stamps=(F.event.at,),
        signs=F.event.by,
    ),
    Action(
        Act.CLIENT_CHOSE.value,
        N_("record that the client chose this professional"),
        frozenset({Role.PLATFORM}),
        tables.CLIENT_CHOICE,
        from_states=TO_MANAGE,
        stamps=(F.event.at,),
    ),
    Action(
        Act.RULE.value,
        N_("rule on a refund"),
        frozenset({Role.REVIEWER}),
        RULING,
        inputs=(F.ruling.decision, F.ruling.reason),
        requires=(F.ruling.decision, F.ruling.reason),
        from_states=TO_MANAGE,
        stamps=(F.event.at,),
        statement=Statement.ANEW,
        signs=F.ruling.by,
    ),
    Action(
        Act.BUY_CONTACT.value,
        N_("buy a contact"),
        HIMSELF,
        tables.PURCHASE,
        inputs=(F.offer.id, F.offer.commission, F.offer.management_fee, F.event.confirmed_on_site),
        requires=(F.offer.id, F.offer.commission),
        founding=Founding.OPENS,
        stamps=(F.event.at, F.contact.purchased_at),
        signs=F.event.by,
        finds=(Keyed("advance_limit", F.professional.id),),
        identifies=F.offer.id,
        identity=Identity.OF_THE_PARTY,
    ),
    Action(
        Act.TOP_UP.value,
        N_("record cronos paid in"),
        frozenset({Role.PLATFORM}),
        tables.TOPPING_UP,
        inputs=(F.top_up,),
        requires=(F.top_up,),
        founding=Founding.ON_AN_ACCOUNT,
        stamps=(F.event.at,),
    ),
    Action(
        Act.SET_ADVANCE_LIMIT.value,
        N_("set the limit of advances"),
        frozenset({Role.OPERATOR}),
        tables.SETTING_THE_LIMIT,
        inputs=(F.new_advance_limit,),
        requires=(F.new_advance_limit,),
        founding=Founding.ON_AN_ACCOUNT,
        stamps=(F.event.at,),
        references=(Keyed("advance_limit", F.professional.id),),
    ),
)

LIFECYCLE: Final = Lifecycle(
    states=STATES,
    actions=ACTIONS,
    derived=(
        Derived(
            S.EXPIRED,
            TO_MANAGE,
            as_of_day > measures.last_day,
            (c.PHASE_EXPIRED,),
        ),
        Derived(
            S.MANAGE,
            TO_MANAGE,
            (as_of_day >= measures.warning_day) & (as_of_day <= measures.last_day),
            (c.PHASE_MANAGE, c.WINDOW_60BD),
            (WINDOW_CLOSING,),
        ),
    ),
    standing=measures.phase,
    history=history,
    as_of=F.event.at,
    deadlines=(WINDOW_CLOSES, WINDOW_WARNING),
    related=related,
    waiting=(
        Waiting(
            TO_MANAGE,
            Role.REVIEWER,
            settled_by=(Act.RULE.value,),
            left_by=frozenset(act.value for act in LEFT_TO_A_PERSON),
        ),
    ),
)

POLICY = Policy(
    key="cronoshare.contact",
    title=N_("Cronoshare contacts"),
    summary=N_("Contacts bought in cronos, and when their commission comes back."),
    version="1",
    effective_from=date(2024, 1, 1),
    facts=F,
    parameters=P,
    catalogue=c.CATALOGUE,
    lifecycle=LIFECYCLE,
    accounts=(
        Account(CRONOS, N_("cronos available"), CRONO, floor=0),
        Account(ADVANCES, N_("cronos advanced"), CRONO),
        Account("house:commission_revenue", N_("revenue from commissions"), CRONO),
        Account("house:fee_revenue", N_("revenue from fees"), CRONO),
        Account("house:top_ups", N_("cronos paid in"), CRONO),
    ),
    party=Role.PROFESSIONAL,
    time_zone="Europe/Paris",
    domain="avoir_cronoshare",
    labels={
        **{state.name: state.label for state in STATES},
        **facts.LABELS,
        **parameters.LABELS,
    },
    reports=(
        Report(
            "offer_price_check",
            N_("price list of offers"),
            {
                "commission_never_falls": measures.commission_never_falls,
                "underpriced": measures.underpriced,
            },
            (c.COMMISSION_VARIABLE,),
            (tables.WHOLE_PRICES,),
        ),
    ),
    stated_action=F.event.type,
    verbs={Act.SHOW_PHASE.value: "standing"},
    party_id=F.professional.id,
    balances=(
        BalanceFact("available", F.professional.cronos_balance, CRONOS),
        BalanceFact("advance_outstanding", F.professional.advance_outstanding, ADVANCES, Side.OWED),
    ),
    play=play,
)
