"""What the records of a deal show as facts: the steps taken, and what each of them left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from avoir.clauses import FAVOURABLE, Outcome
from avoir.lifecycles import Event
from avoir.rulings import earlier_rulings
from avoir_referral_broker.partner.choices import Act, BankDecision
from avoir_referral_broker.partner.measures import not_among
from avoir_referral_broker.partner.states import S

Plain = Mapping[str, object]
Group = dict[str, object]

_STEPS: Final[Mapping[str, tuple[int, S]]] = {
    Act.FIND_CLIENT: (1, S.FOUND),
    Act.PRESENT_SERVICE: (2, S.PRESENTED),
    Act.COLLECT_DOCUMENTS: (3, S.DOCUMENTS_COLLECTED),
    Act.PRELIMINARY_ANALYSIS: (4, S.PRELIMINARY_PASSED),
    Act.CREATE_THREAD: (5, S.TEAM_ANALYSIS),
    Act.UPLOAD_DOCUMENTS: (5, S.TEAM_ANALYSIS),
    Act.GIVE_RANGE: (6, S.AWAITING_CLIENT_AGREEMENT),
    Act.CLIENT_AGREEMENT: (7, S.AGREED),
    Act.COLLECT_CONTRACT_DATA: (8, S.CONTRACT_DATA_COLLECTED),
    Act.CONTRACT_SIGNED: (9, S.CONTRACT_SIGNED),
    Act.LOAN_APPROVED: (10, S.APPROVED_AWAITING_FUNDS),
    Act.COMPLETE: (11, S.COMPLETED_AWAITING_PAYMENT),
    Act.PAY: (12, S.COMMISSION_PAID),
}
"""Which act takes which step, and the state that shows that it did."""


_IGNORED: Final = (Outcome.BLOCKED, Outcome.UNCHANGED)
"""What changed nothing, and left nothing."""


def history(events: Sequence[Event]) -> Plain:
    """What happened to a deal, from the acts that changed it."""
    if not events:
        return {}
    steps: set[int] = set()
    deal: Group = {"on_record": True}
    due: object = None
    for event in events:
        if event.outcome in _IGNORED:
            continue
        step, state = _STEPS.get(event.action, (0, None))
        if event.outcome in FAVOURABLE and event.state == state:
            steps.add(step)
        deal |= _left(deal, event)
        if event.action in (Act.ASSESS, Act.RULE):
            due = _money(event) if event.outcome == Outcome.APPROVED else None
    return {
        "deal": {**deal, "completed_steps": sorted(steps)},
        "commission": {"due": due},
        "previous_rulings": earlier_rulings(events, (Act.ASSESS,)),
    }


def _left(deal: Plain, event: Event) -> Plain:
    """What an act leaves on the record of a deal, beside the step it takes."""
    stated, at = _group(event.facts, "event"), event.at.isoformat()
    match event.action:
        case Act.COLLECT_DOCUMENTS:
            return {"documents_complete": event.outcome in FAVOURABLE}
        case Act.PRELIMINARY_ANALYSIS:
            found = {name: stated.get(name) for name in ("criteria_met", "stop_factors")}
            return {"preliminary": found}
        case Act.CREATE_THREAD | Act.UPLOAD_DOCUMENTS:
            complete = event.state == S.TEAM_ANALYSIS
            uploaded = {"documents_uploaded_at": at} if complete else {}
            return {"thread": {"created": True, "documents_uploaded": complete, **uploaded}}
        case Act.REQUEST_ADDITIONAL_DOCUMENTS:
            rounds = [*_rounds(deal), {"requested_at": at, "supplied_at": None}]
            return _asked_for(rounds, _texts(stated.get("documents")))
        case Act.SUPPLY_ADDITIONAL_DOCUMENTS:
            *before, latest = _rounds(deal)
            if event.outcome not in FAVOURABLE:
                named = _texts(stated.get("documents"))
                missing = not_among(_texts(deal.get("missing_documents")), named)
                return _asked_for([*before, latest], missing)
            return _asked_for([*before, {**latest, "supplied_at": at}], ())
        case Act.GIVE_RANGE:
            return {"range": stated.get("range")}
        case Act.COLLECT_CONTRACT_DATA:
            return {"has_edo": stated.get("has_edo")}
        case Act.SEND_CONTRACT:
            return {"contract": {"sent_at": at}}
        case Act.LOAN_APPROVED:
            return {"loan": {"bank_decision": BankDecision.APPROVED.value}}
        case Act.LOAN_REFUSED:
            return {"loan": {"bank_decision": BankDecision.REFUSED.value}}
        case Act.PAY:
            return {"partner_commission": {"paid": _money(event), "paid_at": at}}
        case _:
            return {}


def _asked_for(rounds: Sequence[Plain], missing: Sequence[str]) -> Plain:
    """The requests for further documents, and what of the latest has not come."""
    return {
        "additional_documents": {**rounds[-1], "rounds": list(rounds)},
        "missing_documents": list(missing),
    }


def _rounds(deal: Plain) -> Sequence[Plain]:
    rounds = _group(deal, "additional_documents").get("rounds")
    return rounds if isinstance(rounds, list) else []


def _texts(stated: object) -> Sequence[str]:
    return [str(one) for one in stated] if isinstance(stated, list | tuple) else []


def _money(event: Event) -> Plain:
    return {"amount": event.amount, "unit": event.unit}


def _group(facts: Plain, name: str) -> Plain:
    inner = facts.get(name)
    return inner if isinstance(inner, Mapping) else {}
