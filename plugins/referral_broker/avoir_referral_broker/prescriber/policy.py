"""The policy ``referral_broker.prescriber``: lifecycle, account, and all that is in the house."""

from __future__ import annotations

from datetime import date
from typing import Final

from avoir.conditions import is_false, known, stated
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
from avoir.measures import tolerant_measure
from avoir.messages import N_
from avoir.policies import Policy, Report
from avoir_referral_broker.prescriber import catalogue as c
from avoir_referral_broker.prescriber import checks, choices, measures, returns, tables
from avoir_referral_broker.prescriber.choices import Act, ConventionKind, Returns
from avoir_referral_broker.prescriber.effects import (
    BALANCE,
    FEES,
    RUNNING,
    WINDOW_ON_RECORD,
)
from avoir_referral_broker.prescriber.facts import EUR, F
from avoir_referral_broker.prescriber.outcomes import RETURNS
from avoir_referral_broker.prescriber.parameters import P
from avoir_referral_broker.prescriber.records import history, related
from avoir_referral_broker.prescriber.ruling import RULING
from avoir_referral_broker.prescriber.states import S

as_of_day = day(F.now)


@tolerant_measure(
    measures.kind, F.contact.known_before, F.contact.known_via, label=N_("state of the attached")
)
def as_attached(
    kind: ConventionKind | None, known_before: bool | None, via: choices.Via | None
) -> S:
    """The state of a contact that is attached to its first prescriber."""
    if known_before and via is not choices.Via.PRESCRIBER:
        return S.ATTACHED_NOT_REMUNERABLE
    match kind:
        case ConventionKind.NONE:
            return S.ATTACHED_NO_CONVENTION
        case ConventionKind.PTZ:
            return S.ATTACHED_PTZ
        case _:
            return S.ATTACHED


@tolerant_measure(measures.attached, measures.first, measures.payments, label=N_("place"))
def place(attached: bool | None, first: bool | None, payments: int | None) -> S | None:
    """What the attachments and payments alone show."""
    if payments:
        return S.PAID
    if attached is not True:
        return None if attached is None else S.NOT_ATTACHED
    return S.ATTACHED_NOT_REMUNERABLE if first is False else S.ATTACHED


@tolerant_measure(place, as_attached, label=N_("state"))
def standing(shown: S | None, otherwise: S | None) -> str | None:
    """The state that a facts document shows by itself."""
    return otherwise if shown is S.ATTACHED else shown


STATES: Final = (
    State(S.ATTACHED, N_("attached"), (c.ALWAYS_ATTACH, c.ONE_YEAR)),
    State(
        S.ATTACHED_NOT_REMUNERABLE,
        N_("attached, without remuneration"),
        (c.ALWAYS_ATTACH, c.INFORM_UPFRONT),
    ),
    State(
        S.ATTACHED_NO_CONVENTION, N_("attached, without a convention"), (c.ATTACH_NO_CONVENTION,)
    ),
    State(S.ATTACHED_PTZ, N_("attached, with PTZ CSF ACCESSION"), (c.ATTACH_PTZ,)),
    State(S.NOT_ATTACHED, N_("not attached"), (c.ALWAYS_ATTACH,)),
    State(S.REMUNERABLE, N_("to be paid"), (c.CONVENTION,)),
    State(S.NOT_REMUNERABLE, N_("not to be paid")),
    State(S.WINDOW_EXPIRED, N_("year of remuneration over"), (c.ONE_YEAR, c.CRM_DATE)),
    State(S.UNDER_REVIEW, N_("under review")),
    State(S.PAID, N_("paid"), (c.CONVENTION,)),
    State(S.ALREADY_PAID, N_("paid already"), (c.CONVENTION,), kept_as=S.PAID),
)

TEAM: Final = frozenset({Role.TEAM})
CONTACT, EMAIL, TELEPHONE = (
    Keyed("contact", F.contact.person_id),
    Keyed("email", F.contact.email),
    Keyed("telephone", F.contact.telephone),
)
CONVENTION: Final = Keyed("convention", F.event.prescriber_id)
OF_THE_PERSON: Final = (CONTACT, EMAIL)
IDENTITIES: Final = (CONTACT, EMAIL, TELEPHONE)

alone = is_false(measures.another)
own_telephone = ~known(F.contact.shares_telephone_with)
FIRST: Final = (
    Keyed("first", F.contact.person_id, only_if=alone),
    Keyed("first_email", F.contact.email, only_if=alone),
    Keyed("first_telephone", F.contact.telephone, only_if=alone & own_telephone),
)
"""What the first prescriber of a contact takes, and nobody after him can."""

PAID_ONCE: Final = (
    Keyed("paid", F.contact.person_id, only_if=measures.payments < 1),
    Keyed("paid_again", measures.further_payment, only_if=measures.payments >= 1),
)

ACTIONS: Final = (
    Action(
        Act.ATTACH.value,
        N_("attach a contact"),
        TEAM,
        tables.ATTACHMENT,
        inputs=(
            F.contact.person_id,
            F.contact.email,
            F.contact.telephone,
            F.contact.household_of,
            F.contact.known_before,
            F.contact.known_since,
            F.contact.known_via,
            F.event.received_at,
            F.file.appointment_held,
        ),
        requires=(F.contact.person_id,),
        lasting=(F.contact.email, F.contact.telephone, F.contact.household_of),
        founding=Founding.OPENS_ONCE,
        stamps=(F.event.at,),
        claims=FIRST,
        references=IDENTITIES,
        identifies=F.contact.person_id,
        identity=Identity.OF_THE_PARTY,
    ),
    Action(
        Act.SIGN_CONVENTION.value,
        N_("record a convention"),
        TEAM,
        tables.SIGNATURE,
        inputs=(F.convention.kind, F.convention.signed_at, F.convention.fee),
        requires=(F.convention.kind,),
        founding=Founding.ON_AN_ACCOUNT,
        stamps=(F.event.at,),
        references=(CONVENTION,),
    ),
    Action(
        Act.RECORD_KNOWN_BEFORE.value,
        N_("record whether a contact was known before"),
        TEAM,
        tables.EARLIER_KNOWLEDGE,
        inputs=(
            F.contact.person_id,
            F.contact.email,
            F.contact.telephone,
            F.contact.known_before,
            F.contact.known_since,
            F.contact.known_via,
        ),
        requires=(F.contact.person_id, F.contact.known_before),
        founding=Founding.ON_AN_ACCOUNT,
        stamps=(F.event.at,),
        references=IDENTITIES,
        concerns=Keyed("client", F.contact.person_id),
    ),
    Action(
        Act.CLOSE_FILE.value,
        N_("close the file without follow-up"),
        TEAM,
        tables.CLOSING,
        stamps=(F.event.at,),
        references=OF_THE_PERSON,
    ),
    Action(
        Act.REOPEN_FILE.value,
        N_("open the file again"),
        TEAM,
        tables.REOPENING,
        stamps=(F.event.at,),
        references=OF_THE_PERSON,
    ),
    Action(
        Act.RECORD_TRANSFORMATION.value,
        N_("record the transformation of the file"),
        TEAM,
        tables.TRANSFORMATION,
        inputs=(F.file.stage,),
        requires=(F.file.stage,),
        stamps=(F.event.at, F.file.transformed_g_at),
        references=OF_THE_PERSON,
    ),
    Action(
        Act.ASSESS_REMUNERATION.value,
        N_("assess the remuneration"),
        frozenset({Role.TEAM, Role.PRESCRIBER}),
        tables.ASSESSMENT,
        from_states=frozenset({*RUNNING, S.ATTACHED_NOT_REMUNERABLE, S.NOT_REMUNERABLE, S.PAID}),
        refuses_in=frozenset({S.WINDOW_EXPIRED}),
        stamps=(F.event.at,),
    ),
    Action(
        Act.PAY.value,
        N_("pay the remuneration"),
        TEAM,
        tables.PAYMENT,
        from_states=frozenset({S.REMUNERABLE}),
        refuses_in=frozenset({S.PAID}),
        stamps=(F.event.at,),
        claims=PAID_ONCE,
        references=OF_THE_PERSON,
    ),
    Action(
        Act.RULE.value,
        N_("rule on the remuneration"),
        frozenset({Role.REVIEWER}),
        RULING,
        inputs=(F.ruling.decision, F.ruling.reason),
        requires=(F.ruling.decision, F.ruling.reason),
        from_states=frozenset({S.UNDER_REVIEW}),
        stamps=(F.event.at,),
        statement=Statement.ANEW,
        signs=F.ruling.by,
    ),
)

LIFECYCLE: Final = Lifecycle(
    states=STATES,
    actions=ACTIONS,
    derived=(
        Derived(
            S.WINDOW_EXPIRED,
            RUNNING,
            (as_of_day > measures.window_ends)
            & ~stated(F.file.transformed)
            & ~known(measures.transformed_at),
            (c.ONE_YEAR, c.CRM_DATE),
        ),
        Derived(
            S.ATTACHED,
            frozenset({S.ATTACHED_NO_CONVENTION, S.ATTACHED_PTZ}),
            measures.kind == ConventionKind.REMUNERATED,
            (c.CONVENTION, c.ATTACH_NO_CONVENTION),
        ),
    ),
    standing=standing,
    history=history,
    as_of=F.now,
    deadlines=(WINDOW_ON_RECORD,),
    related=related,
    finds=(*IDENTITIES, CONVENTION),
    waiting=(Waiting(frozenset({S.UNDER_REVIEW}), Role.REVIEWER, settled_by=(Act.RULE.value,)),),
)

POLICY = Policy(
    key="referral_broker.prescriber",
    title=N_("Contacts of prescribers"),
    summary=N_("To whom a contact is attached, and when its prescriber is paid."),
    version="1",
    effective_from=date(2024, 1, 1),
    facts=F,
    parameters=P,
    catalogue=c.CATALOGUE,
    lifecycle=LIFECYCLE,
    accounts=(
        Account(BALANCE, N_("remunerations of the prescriber"), EUR),
        Account(FEES, N_("fees of prescribers"), EUR),
    ),
    party=Role.PRESCRIBER,
    time_zone="Europe/Paris",
    domain="avoir_referral_broker",
    labels={**{state.name: state.label for state in STATES}, **choices.LABELS},
    reports=(
        Report(
            Returns.ONE.value,
            N_("returns of a prescriber"),
            {
                "attached": returns.attached,
                "transformed_g": returns.transformed,
                "conversion_rate": returns.conversion_rate,
                "unattached_warning": returns.unattached,
            },
            (c.MEASURE, c.KPI_G),
            checks.REPORTING,
        ),
        Report(
            Returns.ALL.value,
            N_("returns of all prescribers"),
            {
                "attached": returns.all_attached,
                "transformed_g": returns.all_transformed,
                "conversion_rate": returns.overall_rate,
                "second_prescriptions": returns.second_prescriptions,
                "unattached_warning": returns.unattached,
                "by_prescriber": returns.by_prescriber,
            },
            (c.MEASURE, c.KPI_G, c.FIRST_WINS),
            checks.REPORTING,
        ),
    ),
    returns=RETURNS,
    stated_action=F.event.type,
    party_id=F.event.prescriber_id,
)
