"""Any sequence of appends keeps the laws of accounts and cases."""

from itertools import count
from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avoir_gateway.store import Appended, Entry, Journal, Stale
from tests.gateway.store.specimens import record

ACCOUNTS = ("professional:P-1:balance", "professional:P-2:balance", "prescriber:Q:balance")
CASES = ("c-1", "c-2")

Step: TypeAlias = tuple[str, dict[str, int], int, int]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(CASES),
        st.dictionaries(st.sampled_from(ACCOUNTS), st.integers(-(10**12), 10**12), max_size=3),
        st.integers(-1, 1),
        st.integers(-1, 1),
    ),
    max_size=12,
)

_tenants = count(1)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
async def test_accounts_have_no_gaps_and_balances_are_sums(
    journal: Journal, steps: list[Step]
) -> None:
    """Whoever decides on the last record, or on an older one, leaves gapless entries, balances
    that are the sums of the amounts, and cases whose revisions count up from one."""
    tenant = f"t-{next(_tenants)}"
    kept: list[tuple[str, dict[str, int]]] = []
    for case, amounts, late, late_account in steps:
        before = await journal.latest(tenant, case)
        revision = (before.revision if before else 0) + 1 - max(late, 0)
        entries = []
        stale = revision < 1
        for account, amount in amounts.items():
            last = await journal.balance(tenant, account)
            seq, balance = (last.seq, last.balance) if last else (0, 0)
            seq -= max(late_account, 0)
            stale = stale or seq < 0
            entries.append(
                Entry(
                    account=account,
                    seq=seq + 1,
                    amount=amount,
                    balance=balance + amount,
                    unit="CAD",
                )
            )
        if stale:
            continue
        outcome = await journal.append(
            record(tenant=tenant, case=case, revision=revision, entries=tuple(entries))
        )
        fresh = late < 1 and (late_account < 1 or not entries)
        assert isinstance(outcome, Appended if fresh else Stale)
        if fresh:
            kept.append((case, amounts))

    for account in ACCOUNTS:
        lines = [line.entry for line in await journal.statement(tenant, account)][::-1]
        amounts_kept = [amounts[account] for _, amounts in kept if account in amounts]
        assert [line.amount for line in lines] == amounts_kept
        assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
        assert [line.balance for line in lines] == [
            sum(amounts_kept[: number + 1]) for number in range(len(amounts_kept))
        ]
    for case in CASES:
        history = await journal.history(tenant, case)
        assert [each.revision for each in history] == list(range(1, len(history) + 1))
        assert len(history) == sum(of == case for of, _ in kept)
