"""Records to append, valid and as small as may be."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import msgspec

from avoir_gateway.store import (
    JSON,
    Actor,
    Command,
    Deadline,
    EditionPin,
    Entry,
    Journal,
    Notice,
    Origin,
    Posting,
    Record,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BALANCE = "professional:P-1:balance"

_numbers = count(1)


def record(
    *,
    tenant: str = "t-1",
    by: str = "professional:P-1",
    key: str | None = None,
    fingerprint: str = "f",
    case: str | None = None,
    revision: int = 1,
    facts: dict[str, JSON] | None = None,
    entries: tuple[Entry, ...] = (),
    claims: tuple[str, ...] = (),
    references: tuple[str, ...] = (),
    at: datetime = NOON,
    state: str = "claimable",
    policy: str = "xpertsource.lead_credit",
    party: str = "professional:P-1",
) -> Record:
    """A record with a key and a case of its own, unless they are given."""
    number = next(_numbers)
    return Record(
        tenant=tenant,
        command=Command(
            by=by, key=key or f"key-{number}", fingerprint=fingerprint, answer={"number": number}
        ),
        policy=policy,
        action="request_credit",
        case=case or f"case-{number}",
        revision=revision,
        state=state,
        party=party,
        facts=facts or {},
        decision={"outcome": "approved"},
        edition=EditionPin(hash="e", policy=policy, version="1", effective_from=date(2026, 1, 1)),
        actor=Actor(id="P-1", role="professional", name="Anne"),
        credential="token-1",
        origin=Origin(door="graphql", address="192.0.2.1"),
        at=at,
        entries=entries,
        claims=claims,
        references=references,
    )


def entry(seq: int, account: str = BALANCE, amount: int = 100, balance: int | None = None) -> Entry:
    """An entry of an account into which the same amount was paid each time."""
    return Entry(
        account=account,
        seq=seq,
        amount=amount,
        balance=seq * amount if balance is None else balance,
        unit="CAD",
    )


def full_record() -> Record:
    """A record in which every part of the form is filled."""
    ends_at = NOON + timedelta(days=30)
    return msgspec.structs.replace(
        record(
            facts={"lead": {"id": "L-1", "a.b": [1, None, True, "x", {"deep": []}]}},
            entries=(entry(1),),
            claims=("lead:L-1",),
            references=("homeowner:H-1", "lead:L-1"),
        ),
        recommendation={"outcome": "refused", "amount": {"amount": 2**40, "unit": "CAD"}},
        postings=(
            Posting(
                kind="credit",
                source="house:lead_credits",
                destination=BALANCE,
                amount=100,
                unit="CAD",
                reverses="posting-1",
            ),
        ),
        deadlines=(
            Deadline(
                kind="answer_due",
                date=ends_at.date(),
                ends_at=ends_at,
                time_zone="America/Montreal",
                clause="XS-ANSWER",
                provisional=True,
            ),
        ),
        notices=(Notice(kind="decision", to="professional:P-1", body={"outcome": "approved"}),),
    )


async def append_all(journal: Journal, records: list[Record]) -> None:
    """Append records one after the other."""
    for each in records:
        await journal.append(each)
