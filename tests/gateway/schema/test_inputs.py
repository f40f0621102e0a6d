"""Inputs made from policies: names, types, and the facts documents that they come to."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLNonNull

from avoir.facts import read
from avoir.lifecycles import Role
from avoir_gateway.schema import Schema, names
from avoir_gateway.service import Service
from tests.gateway.schema import kinds
from tests.gateway.schema.conftest import Asking, tenant

THING = {
    "id": "T-1",
    "deeper": {"count": 7},
    "isBig": False,
    "count": 0,
    "share": "0.25",
    "price": {"amount": "12.50", "unit": "EUR"},
    "points": "40",
    "seenAt": "2025-03-03T10:00:00-05:00",
    "madeOn": "2025-02-28",
    "colour": "DEEP_BLUE",
    "colours": ["RED", "_3"],
    "entries": [
        {
            "on": "2025-01-01",
            "at": "2025-01-01T00:00:00Z",
            "inner": [{"colour": "RED", "size": "1.50"}, {}],
            "colours": ["RED", "RED"],
        },
        {"on": None},
    ],
    "visits": ["2025-03-01T08:00:00+01:00"],
    "words": ["a", "b"],
}
DOCUMENT = {
    "id": "T-1",
    "deeper": {"count": 7},
    "is_big": False,
    "count": 0,
    "share": "0.25",
    "price": {"amount": "12.50", "unit": "EUR"},
    "points": "40",
    "seen_at": "2025-03-03T10:00:00-05:00",
    "made_on": "2025-02-28",
    "colour": "deep-blue",
    "colours": ["red", "3"],
    "entries": [
        {
            "on": "2025-01-01",
            "at": "2025-01-01T00:00:00+00:00",
            "inner": [{"colour": "red", "size": "1.50"}, {}],
            "colours": ["red", "red"],
        },
        {},
    ],
    "visits": ["2025-03-01T08:00:00+01:00"],
    "words": ["a", "b"],
}


@pytest.fixture
async def teller(service: Service, wide_schema: Schema) -> Asking:
    """The platform of a tenant that has both plugins."""
    theirs = await tenant(service, "xpertsource", "kinds")
    return Asking(service, wide_schema, theirs, Role.PLATFORM)


def fields(schema: Schema, name: str) -> dict[str, str]:
    made = schema._schema.type_map[name]
    assert isinstance(made, GraphQLInputObjectType)
    return {field: str(one.type) for field, one in made.fields.items()}


@pytest.mark.parametrize(
    ("name", "pascal", "camel", "constant"),
    [
        ("lead_credit", "LeadCredit", "leadCredit", "LEAD_CREDIT"),
        ("acme-leads", "AcmeLeads", "acmeLeads", "ACME_LEADS"),
        ("a1_b2", "A1B2", "a1B2", "A1_B2"),
        ("3", "3", "3", "_3"),
        ("déjà vu", "DéjàVu", "déjàVu", "D_J_VU"),
    ],
)
def test_names(name: str, pascal: str, camel: str, constant: str) -> None:
    """A name is spelled by one rule each for types, for fields and for enum values."""
    assert (names.pascal(name), names.camel(name), names.constant(name)) == (
        pascal,
        camel,
        constant,
    )


def test_a_path_in_steps() -> None:
    """A path is taken apart into the names and positions that it goes through."""
    assert [*names.steps("a.b_c[4].d[0][1]")] == ["a", "b_c", "4", "d", "0", "1"]
    assert [*names.steps("")] == []


def test_every_kind_has_its_type(wide_schema: Schema) -> None:
    """Every kind of fact has an input type of its own, in lists and entries too."""
    assert fields(wide_schema, "KindsEveryKindTellThingInput") == {
        "id": "String!",
        "deeper": "KindsEveryKindTellThingDeeperInput",
        "isBig": "Boolean",
        "count": "Int",
        "share": "Decimal",
        "price": "MoneyInput",
        "points": "Decimal",
        "seenAt": "DateTime",
        "madeOn": "Date",
        "colour": "KindsEveryKindColour",
        "colours": "[KindsEveryKindColour!]",
        "entries": "[KindsEveryKindOuterInput!]",
        "visits": "[DateTime!]",
        "words": "[String!]",
    }
    assert fields(wide_schema, "KindsEveryKindOuterInput") == {
        "on": "Date",
        "at": "DateTime",
        "inner": "[KindsEveryKindInnerInput!]",
        "colours": "[KindsEveryKindColour!]",
    }


def test_what_is_required_is_not_null_and_nothing_else(wide_schema: Schema) -> None:
    """An action demands the facts it requires and no others, and evaluating demands none."""
    again = fields(wide_schema, "KindsEveryKindTellAgainInput")
    assert again["professional"] == "KindsEveryKindTellAgainProfessionalInput!"
    assert again["thing"] == "KindsEveryKindTellAgainThingInput"
    assert fields(wide_schema, "KindsEveryKindTellAgainProfessionalInput") == {"rating": "Int!"}
    evaluated = wide_schema._schema.type_map["KindsEveryKindEvaluateInput"]
    assert isinstance(evaluated, GraphQLInputObjectType)
    assert not any(isinstance(one.type, GraphQLNonNull) for one in evaluated.fields.values())


def test_controls_give_way_to_facts_of_the_same_name(wide_schema: Schema) -> None:
    """A fact keeps its name in an input, and a control of the same name takes another."""
    founding = fields(wide_schema, "KindsEveryKindTellInput")
    assert founding["case"] == "String"
    assert founding["professionalId"] == "ID"
    assert founding["timeZone"] == "TimeZone"
    assert "expectedRevision" not in founding
    on_a_case = fields(wide_schema, "KindsEveryKindTellAgainInput")
    assert (on_a_case["caseId"], on_a_case["expectedRevision"]) == ("ID!", "Int")
    assert "professionalId" not in on_a_case


def test_who_an_action_is_for(wide_schema: Schema) -> None:
    """An action of the platform must name its professional; a professional's own does not."""
    assert fields(wide_schema, "KindsEveryKindDepositInput")["professionalId"] == "ID!"
    assert "professionalId" not in fields(wide_schema, "KindsEveryKindClaimPointsInput")
    assert fields(wide_schema, "XpertsourceLeadCreditPurchaseInput")["professional"] == "ID!"


def test_enums_carry_labels_and_stand_for_values(wide_schema: Schema) -> None:
    """A value of an enum is described by its label and stands for the value of the policy."""
    made: Any = wide_schema._schema.type_map["KindsEveryKindColour"]
    assert {name: value.description for name, value in made.values.items()} == {
        "RED": "bright red",
        "DEEP_BLUE": "deep blue",
        "_3": "the third",
    }
    assert made.coerce_input_value("DEEP_BLUE") is kinds.Colour.DEEP_BLUE


async def test_an_input_becomes_a_facts_document(teller: Asking) -> None:
    """A typed input is recorded as a facts document that reads without a fault."""
    payload = await teller.act(
        "kindsEveryKindTell",
        idempotencyKey="k",
        professionalId="P-1",
        timeZone="Europe/Paris",
        case="a fact",
        professional={"rating": 5},
        thing=THING,
    )
    assert payload["userErrors"] == []
    data = await teller("query ($id: ID!) { case(id: $id) { facts } }", id=payload["case"]["id"])
    facts = data["case"]["facts"]
    assert facts == {
        "time_zone": "Europe/Paris",
        "case": "a fact",
        "professional": {"rating": 5},
        "thing": DOCUMENT,
    }
    assert read(facts, kinds.F, "UTC").faults == ()


async def test_left_out_and_null_are_both_unknown(teller: Asking) -> None:
    """A fact left out and a fact that is null are the same request: both are unknown."""
    said = {"id": "T-1"}
    denied = {**dict.fromkeys(THING), "id": "T-1", "deeper": {"count": None}, "entries": None}
    for thing, replayed in ((said, False), (denied, True)):
        payload = await teller.act(
            "kindsEveryKindTell", idempotencyKey="same", professionalId="P-1", thing=thing
        )
        assert payload["userErrors"] == []
        assert payload["replayed"] is replayed


async def test_every_kind_is_evaluated_as_the_document_is(teller: Asking) -> None:
    """Facts of every kind are evaluated as a typed input just as they are as a document."""
    parts = "outcome label state findings { clause { id } } edition { hash } errors { path }"
    typed = await teller(
        f"query ($input: EvaluateInput!) {{ evaluate(input: $input) {{ {parts} }} }}",
        input={"kindsEveryKindTell": {"thing": THING, "professional": {"rating": 5}}},
    )
    plain = await teller(
        f"""query ($facts: JSON!) {{
            evaluateFacts(policy: "kinds.every_kind", action: "tell", facts: $facts) {{ {parts} }}
        }}""",
        facts={"thing": DOCUMENT, "professional": {"rating": 5}},
    )
    assert typed["evaluate"] == plain["evaluateFacts"]
    assert typed["evaluate"]["outcome"] == "RECORDED"


@pytest.mark.parametrize(
    ("thing", "path"),
    [
        ({"id": "x" * 20_001}, ["thing", "id"]),
        ({"id": "\ud800"}, ["thing", "id"]),
        ({"id": "T", "count": -1}, ["thing", "count"]),
        ({"id": "T", "deeper": {"count": -1}}, ["thing", "deeper", "count"]),
        ({"id": "T", "points": "1.5"}, ["thing", "points"]),
        ({"id": "T", "price": {"amount": "-1", "unit": "EUR"}}, ["thing", "price", "amount"]),
        ({"id": "T", "price": {"amount": "1", "unit": "$ne"}}, ["thing", "price", "unit"]),
        ({"id": "T", "madeOn": "0001-01-01"}, ["thing", "madeOn"]),
        (
            {"id": "T", "entries": [{}, {"inner": [{"size": "1"}, {}], "on": "1700-01-01"}]},
            ["thing", "entries", "1", "on"],
        ),
    ],
)
async def test_what_cannot_be_is_said_where_it_stands_in_the_input(
    teller: Asking, thing: dict[str, Any], path: list[str]
) -> None:
    """An impossible fact is not recorded, and is named by where it stands in the input."""
    payload = await teller.act(
        "kindsEveryKindTell", idempotencyKey="k", professionalId="P-1", thing=thing
    )
    assert payload["record"] is None
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [("IMPOSSIBLE_FACT", path)]


@pytest.mark.parametrize(
    "thing",
    [
        {"id": "T", "colour": "deep-blue"},
        {"id": "T", "colour": "Colour.RED"},
        {"id": "T", "count": 1.5},
        {"id": "T", "count": 2**31},
        {"id": "T", "isBig": "yes"},
        {"id": "T", "share": 0.25},
        {"id": "T", "price": "12.50"},
        {"id": "T", "price": {"amount": "12.50"}},
        {"id": "T", "points": 40},
        {"id": "T", "colours": ["RED", None]},
        {"id": "T", "unheardOf": 1},
        {"id": None},
        {},
    ],
)
async def test_wrong_types_are_no_operation(teller: Asking, thing: dict[str, Any]) -> None:
    """An input of wrong types is refused whole, before any of it is carried out."""
    result = await teller.result(
        "mutation ($i: KindsEveryKindTellInput!) { kindsEveryKindTell(input: $i) { replayed } }",
        i={"idempotencyKey": "k", "professionalId": "P-1", "thing": thing},
    )
    assert result.data is None
    assert result.errors


async def test_one_field_of_evaluate_at_a_time(teller: Asking) -> None:
    """Exactly one action is evaluated at a time: none, null or two are refused."""
    query = "query ($input: EvaluateInput!) { evaluate(input: $input) { outcome } }"
    both: dict[str, Any] = {"kindsEveryKindTell": {}, "xpertsourceLeadCreditStanding": {}}
    for wrong in (
        dict[str, Any](),
        {"kindsEveryKindTell": None},
        both,
        {**both, "kindsEveryKindTell": None},
    ):
        result = await teller.result(query, input=wrong)
        assert result.data is None
        assert result.errors
    for source in ("{}", "{kindsEveryKindTell: null}"):
        result = await teller.result(f"{{ evaluate(input: {source}) {{ outcome }} }}")
        assert result.data is None


async def test_literals_in_the_document_are_read_as_variables_are(teller: Asking) -> None:
    """Facts may be written out in the query, with variables among them."""
    data = await teller(
        """query ($rating: Int, $at: DateTime!) { evaluate(input: {kindsEveryKindTell: {
            thing: {id: "T-1", colours: [RED, _3], points: "3", visits: [$at], seenAt: $at}
            professional: {rating: $rating}
        }}) { outcome missing { path } errors { path } } }""",
        rating=3,
        at="2025-03-03T10:00:00Z",
    )
    assert data["evaluate"] == {"outcome": "RECORDED", "missing": [], "errors": []}
