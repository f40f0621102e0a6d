"""The decided cases of our policies: typed facts and plain facts come to the same decision."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from avoir.descriptions import Many, kind_of
from avoir.host import Host
from avoir.kinds import Choice, Entry, Kind
from avoir.lifecycles import Role
from avoir.policies import REPORT, Policy
from avoir_gateway.schema import build, names
from avoir_gateway.service import Service
from tests.gateway.schema.conftest import Asking, tenant

FILES = sorted((Path(__file__).parents[2] / "cases").glob("*.json"))
CASES = [case for file in FILES for case in json.loads(file.read_text())]
DECISION = """
  outcome label state stateLabel mode takesEffect resubmittable earliest latest preconditions
  amount { amount unit formatted } clauses { id } allowedActions
  findings { clause { id text citation { document title lines } } status label message
             reads { label value } }
  remedies { message clause earliest latest alternatives { message clause } }
  deadlines { kind label date endsAt timeZone clause provisional }
  postings { kind source destination amount { amount unit } reverses }
  missing { path label } errors { path message } metrics { name value }
  notices { kind to message } edition { hash policy version effectiveFrom }
"""


def input_of(policy: Policy, facts: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A facts document as an input: names in camel case, and the values of choices as enums."""
    found: dict[str, Any] = {}
    for step, part in facts.items():
        path = f"{prefix}{step}"
        fact = policy.facts.by_path.get(path)
        if fact is not None:
            part = stated(fact.kind, part)
        elif isinstance(part, Mapping):
            part = input_of(policy, part, f"{path}.")
        found[names.camel(step)] = part
    return found


def stated(kind: Kind[Any], value: Any) -> Any:
    """A value of a fact as an input states it."""
    _, many, one = kind_of(kind)
    if many is not Many.ONE and isinstance(value, list):
        return [stated(one, part) for part in value]
    if isinstance(one, Choice) and isinstance(value, str):
        return names.constant(value)
    if isinstance(one, Entry) and isinstance(value, Mapping):
        return {
            names.camel(step): stated(one.fields[step], part) if step in one.fields else part
            for step, part in value.items()
        }
    return value


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["action"] not in (REPORT, "sequence")],
    ids=lambda case: str(case["id"]),
)
async def test_typed_facts_and_plain_facts_decide_the_same(
    service: Service, host: Host, case: dict[str, Any]
) -> None:
    """Typed facts come to the decision of plain ones, and what no type allows is invalid."""
    policy = host.policies.get(case["policy"])
    if policy is None:
        pytest.skip(f"{case['policy']} is not installed")
    theirs = await tenant(service, policy.plugin)
    who = Asking(service, build(host, frozenset({policy.plugin})), theirs, Role.AUDITOR)
    action = policy.verbs.get(case["action"], case["action"])
    plain = await who(
        f"""query ($policy: String!, $action: String!, $facts: JSON!) {{
          decision: evaluateFacts(policy: $policy, action: $action, facts: $facts) {{ {DECISION} }}
        }}""",
        policy=policy.key,
        action=action,
        facts=case["facts"],
    )
    typed = await who.result(
        f"query ($i: EvaluateInput!) {{ decision: evaluate(input: $i) {{ {DECISION} }} }}",
        i={names.door(policy, action): input_of(policy, case["facts"])},
    )
    if typed.data is None:
        # What no type allows is no operation; as plain data it is answered.
        assert plain["decision"]["outcome"] == "INVALID"
    else:
        assert typed.data == plain
    if not case.get("parameters"):
        assert plain["decision"]["outcome"].lower() == case["expect"]["outcome"]
