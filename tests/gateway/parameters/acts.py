"""Histories of cases to play, and values of parameters to try on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

from avoir.kinds import Choice, Exact, Flag, Kind, ListOf, SetOf, Text, Whole
from avoir.parameters import Calendar
from avoir.policies import Policy
from avoir.testing import Case, load
from avoir_conxpros.policy import POLICY as CONXPROS
from avoir_cronoshare.policy import POLICY as CRONOSHARE
from avoir_referral_broker.partner.policy import POLICY as PARTNER
from avoir_referral_broker.prescriber.policy import POLICY as PRESCRIBER
from avoir_xpertsource.policy import POLICY as XPERTSOURCE
from tests.gateway.parameters.stage import Act, Stage, played
from tests.gateway.referral_broker.deals import DEAL, roubles
from tests.gateway.stories.plays import play

POLICIES: Final = (XPERTSOURCE, CONXPROS, CRONOSHARE, PRESCRIBER, PARTNER)
CASES: Final = Path(__file__).parents[2] / "cases"
OPENED: Final = datetime(2025, 3, 3, 9, tzinfo=UTC)
NO_FOUNDING: Final = {"CX-106", "XS-067"}
"""Cases that want a fact of the record: without it there is no record."""


@dataclass(frozen=True)
class Story:
    """A history of a policy that can be played on any stage."""

    policy: Policy
    told: str
    on: Callable[[Stage], None]

    def __repr__(self) -> str:
        return self.told


def decided(policy: Policy) -> list[Story]:
    """The decided cases of a policy, as acts."""
    cases = load((CASES / f"{policy.key}.json").read_bytes())
    asked = [case for case in cases if case.action not in ("report", "standing")]
    return [_story(policy, case) for case in asked if case.id not in NO_FOUNDING]


def _story(policy: Policy, case: Case) -> Story:
    def on(stage: Stage) -> None:
        play(stage, case)  # type: ignore[arg-type]  # a stage speaks as a town does

    return Story(policy, case.id, on)


def _of(policy: Policy, acts: Sequence[Act]) -> Story:
    told = "; ".join(f"{at[:10]} {who} {action}" for at, who, action, _, _ in acts)
    return Story(policy, told, lambda stage: played(stage, policy.key, acts))


# -- Cronoshare ------------------------------------------------------------------------------

OFFERS: Final = ("O-1", "O-2", "O-3")
PROFESSIONALS: Final = ("P-1", "P-2")
WAYS: Final = ("buy", "buy", "refund", "refund", "rectify", "limit", "chose")
GROUNDS: Final = ("client_rejects_price", "pro_not_available", "client_no_answer")


@st.composite
def contacts(draw: st.DrawFn) -> Story:
    """Professionals pay in, buy, refund and rectify, while days go by."""
    now = OPENED
    acts: list[Act] = []

    def then(who: str, action: str, facts: Mapping[str, Any], **rest: Any) -> None:
        acts.append((now.isoformat(), who, action, facts, rest))

    for number in PROFESSIONALS:
        amount = draw(st.integers(20, 300))
        then("platform", "top_up", {"top_up": str(amount)}, party=number)
    for _ in range(draw(st.integers(2, 12))):
        now += timedelta(days=draw(st.integers(0, 40)), minutes=1)
        number, offer = draw(st.sampled_from(PROFESSIONALS)), draw(st.sampled_from(OFFERS))
        who, case = f"professional:{number}", f"{CRONOSHARE.key}:{offer}:professional:{number}"
        match draw(
            st.sampled_from(("buy", "buy", "refund", "refund", "rectify", "limit", "chose"))
        ):
            case "buy":
                commission = draw(st.sampled_from((0, 40, 80, 120)))
                stated = {"id": offer, "commission": str(commission)}
                then(who, "buy_contact", {"offer": stated, "event": {"confirmed_on_site": True}})
            case "refund":
                event: dict[str, Any] = {"ground": draw(st.sampled_from(GROUNDS))}
                if event["ground"] == "client_no_answer":
                    event["contact_attempts"] = _tried(
                        now - timedelta(days=draw(st.integers(0, 5)))
                    )
                then(who, "refund", {"event": event}, case=case)
            case "rectify":
                then(who, "rectify", {}, case=case)
            case "chose":
                then("platform", "client_chose", {}, case=case)
            case "limit":
                limit = str(draw(st.sampled_from((0, 50, 300))))
                then("operator", "set_advance_limit", {"new_advance_limit": limit}, party=number)
    return _of(CRONOSHARE, acts)


def _tried(at: datetime) -> list[dict[str, Any]]:
    return [{"type": kind, "at": at.isoformat(), "answered": False} for kind in ("call", "email")]


# -- the broker ------------------------------------------------------------------------------

ON_A_CONTACT: Final[Mapping[str, Mapping[str, Any]]] = {
    "close_file": {},
    "reopen_file": {},
    "record_transformation": {"file": {"stage": "G"}},
    "assess_remuneration": {},
    "pay": {},
}
CONVENTION: Final = {
    "convention": {
        "kind": "remunerated",
        "signed_at": "2025-01-10T10:00:00+01:00",
        "fee": {"amount": "400.00", "unit": "EUR"},
    }
}


@st.composite
def attachments(draw: st.DrawFn) -> Story:
    """Contacts are attached to prescribers, transformed, assessed and paid."""
    now = OPENED
    acts: list[Act] = []
    for prescriber in draw(st.sets(st.sampled_from("AB"))):
        signed = {"party": prescriber}
        acts.append((now.isoformat(), "team", "sign_convention", CONVENTION, signed))
    for _ in range(draw(st.integers(3, 15))):
        now += timedelta(days=draw(st.integers(0, 250)), minutes=1)
        prescriber, contact = draw(st.sampled_from("AB")), draw(st.sampled_from("XY"))
        action = draw(st.sampled_from(("attach", *ON_A_CONTACT, "assess_remuneration")))
        if action == "attach":
            person: dict[str, Any] = {"person_id": contact, "known_before": False}
            if draw(st.booleans()):
                person["received_at"] = (now - timedelta(days=draw(st.integers(0, 60)))).isoformat()
            acts.append(
                (now.isoformat(), "team", action, {"contact": person}, {"party": prescriber})
            )
        else:
            case = f"{PRESCRIBER.key}:{contact}:prescriber:{prescriber}"
            acts.append((now.isoformat(), "team", action, ON_A_CONTACT[action], {"case": case}))
    return _of(PRESCRIBER, acts)


@st.composite
def deals(draw: st.DrawFn) -> Story:
    """A deal goes its way, with what was received drawn, and some steps taken twice or left out."""
    now = OPENED
    acts: list[Act] = []
    cents = draw(st.integers(1, 10**12))
    received = {"received_amount": roubles(f"{cents // 100}.{cents % 100:02}")}
    for step in DEAL[: draw(st.integers(3, len(DEAL)))]:
        facts = {"deal": {"loan": received}} if step.action == "loan_received" else step.facts
        on = {} if step.action == "find_client" else {"case": f"{PARTNER.key}:D-1"}
        for _ in range(draw(st.sampled_from((1, 1, 1, 1, 1, 1, 0, 2)))):
            now += timedelta(hours=draw(st.integers(1, 90)))
            acts.append((now.isoformat(), step.who, step.action, facts, on))
    return _of(PARTNER, acts)


def stories(policy: Policy) -> st.SearchStrategy[Story]:
    """Histories of a policy: decided cases where they can be played, random ones elsewhere."""
    random = {CRONOSHARE.key: contacts, PRESCRIBER.key: attachments, PARTNER.key: deals}
    made = random.get(policy.key)
    return st.sampled_from(decided(policy)) if made is None else made()


# -- values ----------------------------------------------------------------------------------


def value_of(kind: Kind[Any]) -> st.SearchStrategy[Any]:
    """A value that a parameter of a kind may have, as plain data."""
    match kind:
        case Whole(low=int(low), high=int(high)):
            return st.one_of(st.integers(low, min(high, low + 9)), st.integers(low, high))
        case Flag():
            return st.booleans()
        case Choice(options=options):
            return st.sampled_from([str(option.value) for option in options])
        case Exact():
            return st.sampled_from(("0", "0.01", "0.3", "1"))
        case SetOf(kind=inner):
            return st.lists(value_of(inner), unique=True, max_size=4)
        case ListOf(kind=inner):
            return st.lists(value_of(inner), max_size=3)
        case Calendar():
            return st.sampled_from(("CA-QC", "US", "FR", "RU"))
        case Text():
            return st.sampled_from(("G", "H", "paper"))
        case _:
            raise AssertionError(f"a parameter of a kind that is not known here: {kind}")


def values(policy: Policy) -> st.SearchStrategy[dict[str, Any]]:
    """Values for a few of the parameters of a policy."""
    declared = policy.parameters.by_name

    def drawn(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({name: value_of(declared[name].kind) for name in names})

    least = min(4, len(declared))
    names = st.lists(st.sampled_from(sorted(declared)), unique=True, min_size=least, max_size=9)
    return names.flatmap(drawn)
