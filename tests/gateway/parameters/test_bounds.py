"""Bad values, for every parameter of every policy: out of bounds, of another type, unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from avoir.kinds import Choice, Exact, Flag, Kind, ListOf, SetOf, Text, Whole
from avoir.parameters import Calendar, Parameter
from avoir.policies import Policy
from tests.gateway.parameters.acts import POLICIES
from tests.gateway.parameters.conftest import done, put, refused
from tests.gateway.schema.conftest import Asking

PARAMETERS: Final = [
    pytest.param(policy, parameter, id=f"{policy.key}-{name}")
    for policy in POLICIES
    for name, parameter in policy.parameters.by_name.items()
]


def bad(kind: Kind[Any]) -> Iterator[object]:
    """Values that no parameter of a kind has."""
    yield from ({"a": 1}, [[1]])
    match kind:
        case Whole(low=low, high=high):
            yield from (low - 1, high + 1, 2**63 - 1, "4", True, "four")
        case Exact():
            yield from ("-0.01", "1.01", "NaN", "1e-2", 5, "x", True, "")
        case Flag():
            yield from ("yes", 1, 0, "true", [])
        case Choice():
            yield from ("no such choice", 1, True, [], "")
        case SetOf():
            yield from ("unreachable", ["no such choice"], 1, True, [1], [None])
        case Calendar():
            yield from ("XX", "CA-NOWHERE", 1, True, [], "CA-QC" * 10)
        case ListOf():
            yield from ("a text", 1, True, [1], [None], ["x", {}])
        case Text():
            yield from (1, True, [])


@pytest.mark.parametrize(("policy", "parameter"), PARAMETERS)
async def test_what_a_parameter_cannot_be(
    operator: Asking, policy: Policy, parameter: Parameter[Any]
) -> None:
    """Every value out of bounds or of another type is refused at the name of the parameter, and
    leaves nothing behind."""
    for value in bad(parameter.kind):
        answer = await put(operator, policy.key, values={parameter.name: value})
        assert answer["edition"] is None, value
        assert answer["userErrors"], value
        for error in answer["userErrors"]:
            assert error["code"] == "BAD_REQUEST"
            assert error["path"][:2] == ["values", parameter.name], value
            assert error["message"]
    listed = await operator.service.stores.parameters.listing(operator.tenant.id, policy.key)
    assert listed == []


@pytest.mark.parametrize(("policy", "parameter"), PARAMETERS)
async def test_what_is_over_is_over(
    operator: Asking, policy: Policy, parameter: Parameter[Any]
) -> None:
    """No parameter is set for a day that is over, and each can be set for today."""
    other = {parameter.name: another(parameter)}
    asked = {"policy": policy.key, "values": other}
    assert await refused(operator, start="2025-03-02", **asked) == [
        ("BAD_REQUEST", ["effectiveFrom"])
    ]
    made = await done(operator, start="2025-03-03", **asked)
    assert [one["name"] for one in made["differences"]["parameters"]] == [parameter.name]


def another(parameter: Parameter[Any]) -> object:
    """A value within the bounds that is not the default."""
    match parameter.kind:
        case Whole(low=int(low)):
            # the nearest one leaves no window empty
            return parameter.default - 1 if parameter.default > low else parameter.default + 1
        case Exact():
            return "0.5"
        case Flag():
            return not parameter.default
        case Choice(options=options):
            return next(str(o.value) for o in options if o is not parameter.default)
        case SetOf(kind=Choice(options=options)):
            one = min(str(option.value) for option in options)
            return [] if one in parameter.default else [one]
        case Calendar():
            return "DE"
        case ListOf():
            return ["A text of the tenant’s"]
        case _:
            return "another"


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.key)
async def test_what_is_no_parameter(operator: Asking, policy: Policy) -> None:
    """A name that no parameter has is refused, whatever it is given, beside every other fault."""
    for name in ("no_such", "", "min_calls.x", "$set", "values"):
        for value in (1, None, "x"):
            answer = await put(operator, policy.key, values={name: value})
            (error,) = answer["userErrors"]
            assert error["code"] == "BAD_REQUEST"
            assert error["path"] == ["values", name]
    several = {"no_such": 1, "nor_this": 2, sorted(policy.parameters.by_name)[0]: {"a": 1}}
    assert len(await refused(operator, policy=policy.key, values=several)) == 3
