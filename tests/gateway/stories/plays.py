"""Decided cases played as actions: the earlier acts that make the facts, then the act itself.

A case says what is known at a moment. Here somebody makes it so, at the moment when it came
about: the platform delivers, the professional asks, the staff says what only the staff can say.
What is known by the records alone is left to the records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from avoir.testing import Case
from avoir_conxpros.policy import POLICY as CONXPROS
from avoir_xpertsource.policy import POLICY as XPERTSOURCE
from tests.gateway.stories.people import DECISION, Person, Town, Tree

POLICIES: Final = {policy.key: policy for policy in (CONXPROS, XPERTSOURCE)}
EVALUATE: Final = f"""
query ($policy: String!, $action: String!, $facts: JSON!, $case: ID) {{
  evaluateFacts(policy: $policy, action: $action, facts: $facts, case: $case) {{ {DECISION} }}
}}
"""
REPORT: Final = f"""
query ($policy: String!, $name: String!, $facts: JSON) {{
  report(policy: $policy, name: $name, facts: $facts) {{ {DECISION} }}
}}
"""


NO_STATE: Final = "rejected_input"
"""How the cases call the state of a matter whose facts cannot be: it stays where it is."""


def evaluated(
    who: Person, policy: str, action: str, facts: Mapping[str, Any], case: str | None = None
) -> Tree:
    """What an action would come to, as the API says it."""
    variables: Tree = {"policy": policy, "action": action, "facts": facts, "case": case}
    decision: Tree = who.ask(EVALUATE, **variables)["evaluateFacts"]
    return decision


def compared(case: Case, came: Mapping[str, Any]) -> dict[str, tuple[object, object]]:
    """Where a decision differs from its case: what was expected, and what came."""
    differing = {}
    for name, expected in case.expect.items():
        read = _READ.get(name)
        if read is not None:
            wanted, found = read(expected, came)
            if wanted != found:
                differing[name] = (expected, found)
    return differing


def _deadline(expected: Any, came: Any) -> tuple[object, object]:
    names = {"kind": "kind", "date": "date", "time_zone": "timeZone"}
    found = [{name: one[names[name]] for name in expected} for one in came["deadlines"]]
    return expected, expected if expected in found else found


def _moved(amount: Mapping[str, str], source: str, destination: str) -> tuple[str, ...]:
    return source, destination, amount["amount"], amount["unit"]


def _at_least(expected: Any, found: set[str]) -> tuple[object, object]:
    return set(expected), found & set(expected) if set(expected) <= found else found


_READ: Final[Mapping[str, Any]] = {
    "outcome": lambda expected, came: (expected, came["outcome"].lower()),
    "amount": lambda expected, came: (expected, came["amount"]),
    "clauses": lambda expected, came: _at_least(expected, {c["id"] for c in came["clauses"]}),
    "errors": lambda expected, came: _at_least(
        [text.partition(":")[0] for text in expected], {e["path"] for e in came["errors"]}
    ),
    "missing": lambda expected, came: (set(expected), {m["path"] for m in came["missing"]}),
    "postings": lambda expected, came: (
        sorted(_moved(p, p["source"], p["destination"]) for p in expected),
        sorted(_moved(p["amount"], p["source"], p["destination"]) for p in came["postings"]),
    ),
    "deadline": _deadline,
    "state": lambda expected, came: (None if expected == NO_STATE else expected, came["state"]),
    "metrics": lambda expected, came: (expected, {m["name"]: m["value"] for m in came["metrics"]}),
    "allowed_actions": lambda expected, came: (expected, came["allowedActions"]),
}
"""What is compared, and how it is read: strictly, all that is not advice, and some that is."""


class Play:
    """One case on a fresh tenant; ``decision`` is the last one, ``declined`` what was not done."""

    def __init__(self, town: Town, case: Case) -> None:
        self.town = town
        self.case = case
        self.policy = POLICIES[case.policy]
        self.facts = case.facts
        self.id: str | None = None
        self.decision: Tree = {}
        self.declined: Sequence[Mapping[str, Any]] = ()

    def own(self, action: str, facts: Mapping[str, Any] | None = None) -> Tree:
        """The facts of the case that are for the actor of an action to state."""
        found = self.policy.lifecycle.action(action)
        assert found is not None
        return _only(facts or self.facts, {fact.path for fact in found.inputs})

    def do(
        self, who: str, action: str, at: str | None, facts: Mapping[str, Any], **rest: Any
    ) -> None:
        """Take an action at a moment, on the case if there is one."""
        if at is not None:
            self.town.stand_at(at)
        on = {} if self.id is None or rest else {"case": self.id}
        payload = self.town[who].act(self.case.policy, action, facts, **on, **rest)
        self.declined = payload["userErrors"]
        if not self.declined:
            self.decision = payload["decision"]
        if payload["case"] is not None:
            self.id = payload["case"]["id"]

    def found(self, action: str, at: str, facts: Mapping[str, Any]) -> None:
        """The act that opens the case, for the professional P-1 and in his time zone."""
        zone = self.facts["time_zone"]
        self.do("platform", action, at, facts, party="P-1", timeZone=zone)

    def would(self, action: str, facts: Mapping[str, Any] | None = None) -> Tree:
        """What an action on the case would come to."""
        return evaluated(self.town["auditor"], self.case.policy, action, facts or {}, self.id)


def _only(facts: Mapping[str, Any], paths: set[str], prefix: str = "") -> Tree:
    kept: Tree = {}
    for name, value in facts.items():
        path = f"{prefix}{name}"
        if path in paths:
            if value is not None:
                kept[name] = value
        elif isinstance(value, Mapping):
            inner = _only(value, paths, f"{path}.")
            if inner:
                kept[name] = inner
    return kept


def play(town: Town, case: Case) -> Play:
    """Play a case; what came of it stands in ``decision`` and ``declined``."""
    made = Play(town, case)
    if case.policy == XPERTSOURCE.key:
        _xpertsource(made)
    else:
        _conxpros(made)
    return made


# -- XpertSource ------------------------------------------------------------------------------

TRIED: Final = [
    *({"type": "call", "voicemail_left": True, "answered": False} for _ in range(4)),
    *({"type": "email", "proof_attached": True, "answered": False} for _ in range(2)),
]


def _xpertsource(play: Play) -> None:
    facts = play.facts
    if play.case.action == "report":
        stated = {name: value for name, value in facts.items() if name != "report"}
        variables = {"policy": play.case.policy, "name": facts["report"], "facts": stated}
        play.decision = play.town["auditor"].ask(REPORT, **variables)["report"]
        return
    if play.case.action == "standing":
        _waits_for_an_answer(play)
        return
    lead, request = facts["lead"], facts["request"]
    play.found("purchase", lead["purchased_at"] or request["submitted_at"], play.own("purchase"))
    if play.declined:
        return
    play.do("professional", "request_credit", request["submitted_at"], play.own("request_credit"))
    confirmation = play.own("confirm_contact")
    if play.decision["outcome"] == "MANUAL_REVIEW" and confirmation:
        play.do("manager", "confirm_contact", None, confirmation)


def _waits_for_an_answer(play: Play) -> None:
    """Nine days after a purchase, a request that only a person can decide; then time passes."""
    asked = play.facts["request"]["submitted_at"]
    bought = datetime.fromisoformat(asked) - timedelta(days=9)
    price = {"amount": "120.00", "unit": "CAD"}
    at = bought.isoformat()
    lead = {"id": "L-1", "purchased_at": at, "price_paid": price}
    play.found("purchase", at, {"lead": lead})
    tried = [
        {**one, "at": (bought + timedelta(days=1, hours=hour)).isoformat()}
        for hour, one in enumerate(TRIED)
    ]
    request = {"channel": "portal_form", "ground": "unreachable", "contact_attempts": tried}
    play.do("professional", "request_credit", asked, {"request": request})
    play.town.stand_at(play.facts["as_of"])
    play.decision = play.would("standing")


# -- conXpros ---------------------------------------------------------------------------------

ANOTHER_CATEGORY: Final = {
    "actual_category": "gutters",
    "professional_eligible_for_actual_category": True,
}
"""What leaves it to a person whether the task belongs in the category of the lead."""


def _conxpros(play: Play) -> None:
    facts = play.facts
    lead, request = facts["lead"], facts["request"] or {}
    _top_up(play)
    _delivered_before(play)
    delivered = play.own("deliver")
    if _earlier(play):
        delivered["homeowner"] = {"identity": "H-1"}
    if play.case.action == "standing":
        delivered["lead"]["category"] = "roofing"
    at = lead["delivered_at"] or request["submitted_at"]
    play.found("deliver", at, delivered)
    if play.declined:
        return
    if play.case.action == "verification_finding":
        own = play.own("verification_finding")
        play.do("reviewer", "verification_finding", facts["event"]["at"], own)
        return
    _staff_says(play)
    who = "manager" if request["channel"] == "account_manager" else "professional"
    stated = play.own("request_credit")
    if facts.get("history"):
        stated["findings"] = {"phone_working": False}
    if play.case.action == "standing":
        stated["request"]["reason"] = "wrong_category"
        stated["findings"] = ANOTHER_CATEGORY
    play.do(who, "request_credit", request["submitted_at"], stated)
    for past in facts.get("history", ()):
        if past["type"] == "reversal":
            _taken_back(play, past["at"])
    if play.case.action == "standing":
        play.town.stand_at(facts["as_of"])
        play.decision = play.would("standing")
    elif play.case.action == "reversal_decided":
        _taken_back(play, facts["event"]["at"])
    elif play.case.action == "review_requested":
        own = play.own("review_requested")
        play.do("professional", "review_requested", facts["event"]["at"], own)


def _top_up(play: Play) -> None:
    """What was paid in: so much that the account stands where the case says when the act begins."""
    delivered, unit = play.facts["lead"]["cost"], "USD"
    wanted = play.facts.get("professional", {}).get("balance", {"amount": "200.00", "unit": unit})
    reversed_before = any(past["type"] == "reversal" for past in play.facts.get("history", ()))
    amount = float(wanted["amount"]) + (float(delivered["amount"]) if reversed_before else 0)
    paid = {"top_up": {"amount": f"{amount:.2f}", "unit": unit}}
    play.do("platform", "top_up", "2025-01-02T09:00:00-05:00", paid, party="P-1")


def _earlier(play: Play) -> Mapping[str, Any]:
    findings = play.facts.get("findings") or {}
    found: Mapping[str, Any] = findings.get("previous_delivery") or {}
    return found


def _delivered_before(play: Play) -> None:
    """The earlier delivery to the same professional, from which the records know a duplicate."""
    earlier = _earlier(play)
    if not earlier:
        return
    assert earlier["by"] == "conxpros"
    assert earlier["to_same_professional"] is True
    at, category = earlier["delivered_at"], earlier["category"]
    cost = {"amount": "45.00", "unit": "USD"}
    lead = {"id": "L-0", "delivered_at": at, "cost": cost, "category": category}
    facts = {"lead": lead, "homeowner": {"identity": "H-1"}}
    play.found("deliver", at, facts)
    play.id = None


def _staff_says(play: Play) -> None:
    """What only the staff can say is recorded by its verification team before the request."""
    own = play.own("verification_finding")
    own.pop("event", None)
    if own:
        finding = {"event": {"finding": "non_contact"}, **own}
        play.do("reviewer", "verification_finding", None, finding)


def _taken_back(play: Play, at: str) -> None:
    play.do("reviewer", "contradicting_information", at, {"event": {"source": "homeowner"}})
    basis = {"source": "homeowner", "basis": "contradicting_information"}
    play.do("reviewer", "reversal_decided", at, {"event": basis})
