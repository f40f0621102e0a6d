"""The ledger: double entry, floors, sequences and running balances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from avoir.clauses import Floor
from avoir.decisions import Posting
from avoir.ledger import (
    HOUSE,
    OPENING,
    Account,
    Balance,
    Entry,
    FloorError,
    LedgerError,
    Movement,
    book,
    is_balanced,
    resolve,
)
from avoir.money import LARGEST, Money, Unit

CAD, CRONO = Unit("CAD", 2), Unit("CRONO", 0)
PARTY = "professional:P-1"
BALANCE, CRONOS, ADVANCES = (f"{PARTY}:{name}" for name in ("balance", "cronos", "advances"))

ACCOUNTS = (
    Account("professional:balance", "balance", CAD, floor=0),
    Account("professional:cronos", "cronos", CRONO, floor=0),
    Account("professional:advances", "advances", CRONO, floor=-100),
    Account("professional:open", "no floor", CAD),
    Account("house:revenue", "revenue", CAD),
    Account("house:credits", "credits", CAD),
    Account("house:fees", "fees", CRONO),
    Account("prescriber:due", "of another role", CAD),
)


def move(
    source: str,
    destination: str,
    amount: int,
    unit: Unit = CAD,
    *,
    kind: str = "kind",
    floor: Floor = Floor.PASSED,
    reverses: tuple[str, ...] = (),
) -> Posting:
    """A posting."""
    return Posting(kind, source, destination, Money(amount, unit), floor, reverses)


IN = move("house:credits", "professional:balance", 1000)
OUT = move("professional:balance", "house:revenue", 400, floor=Floor.RESPECTED)


# --- what is booked


def test_a_posting_moves_an_amount_between_resolved_accounts() -> None:
    """A movement names the party's own accounts; the party has an entry, the house has none."""
    movements, entries = book([IN], PARTY, ACCOUNTS, {})
    assert movements == (Movement("kind", "house:credits", BALANCE, Money(1000, CAD)),)
    assert entries == (Entry(BALANCE, 1, 1000, 1000, "CAD"),)


def test_one_action_has_one_entry_for_each_account() -> None:
    """However many postings an action has, an account gets their net change in one entry."""
    movements, entries = book([IN, OUT, OUT], PARTY, ACCOUNTS, {BALANCE: Balance(7, 50)})
    assert len(movements) == 3
    assert entries == (Entry(BALANCE, 8, 200, 250, "CAD"),)


def test_between_two_accounts_of_a_party_both_have_an_entry() -> None:
    """A posting within a party changes two accounts and nothing in sum."""
    posting = move("professional:advances", "professional:cronos", 30, CRONO)
    _, entries = book([posting], PARTY, ACCOUNTS, {CRONOS: Balance(1, 5)})
    assert entries == (
        Entry(ADVANCES, 1, -30, -30, "CRONO"),
        Entry(CRONOS, 2, 30, 35, "CRONO"),
    )


def test_within_the_house_nobody_has_an_entry() -> None:
    """The house's side stands in the movement alone."""
    movements, entries = book([move("house:credits", "house:revenue", 5)], PARTY, ACCOUNTS, {})
    assert (len(movements), entries) == (1, ())
    assert is_balanced(movements, entries)


def test_no_postings_book_nothing() -> None:
    """Nothing in, nothing out."""
    assert book([], PARTY, ACCOUNTS, {}) == ((), ())


def test_an_account_that_was_read_advances_even_by_nothing() -> None:
    """A decision that rests on a balance takes its sequence, so no other decision can share it."""
    here = {BALANCE: Balance(4, 90)}
    _, entries = book([], PARTY, ACCOUNTS, here, touching=["professional:balance"])
    assert entries == (Entry(BALANCE, 5, 0, 90, "CAD"),)
    _, entries = book([IN], PARTY, ACCOUNTS, here, touching=["professional:balance"])
    assert entries == (Entry(BALANCE, 5, 1000, 1090, "CAD"),)
    _, entries = book([], PARTY, ACCOUNTS, {}, touching=["professional:balance"])
    assert entries == (Entry(BALANCE, 1, 0, 0, "CAD"),)


def test_a_reversal_carries_the_posting_it_takes_back() -> None:
    """A posting that reverses a kind names the one of that kind that is given; others name none."""
    back = move(
        "professional:balance",
        "house:credits",
        1000,
        kind="reversal",
        reverses=("credit", "proactive_credit"),
    )
    known = {"proactive_credit": "J-7:0", "purchase": "J-1:0"}
    movements, _ = book([IN, back], PARTY, ACCOUNTS, {}, reversing=known)
    assert [m.reverses for m in movements] == [None, "J-7:0"]
    movements, _ = book([back], PARTY, ACCOUNTS, {}, reversing={"credit": "A", **known})
    assert [m.reverses for m in movements] == ["A"]
    movements, _ = book([back], PARTY, ACCOUNTS, {})
    assert [m.reverses for m in movements] == [None]


# --- what is refused


def test_a_floor_is_held_where_a_posting_respects_it() -> None:
    """A posting that respects the floor of its source may reach it and not pass it."""
    assert book([OUT], PARTY, ACCOUNTS, {BALANCE: Balance(1, 400)})[1][0].balance == 0
    with pytest.raises(FloorError, match="floor_reached") as caught:
        book([OUT], PARTY, ACCOUNTS, {BALANCE: Balance(1, 399)})
    assert (caught.value.account, caught.value.short) == (BALANCE, Money(1, CAD))


def test_a_floor_may_be_passed_where_a_posting_says_so() -> None:
    """A reversal may take an account below its floor."""
    passing = move("professional:balance", "house:revenue", 400)
    assert book([passing], PARTY, ACCOUNTS, {})[1][0].balance == -400


def test_a_floor_may_lie_below_zero() -> None:
    """The floor of an advance is its limit."""
    advance = move(
        "professional:advances", "professional:cronos", 100, CRONO, floor=Floor.RESPECTED
    )
    assert book([advance], PARTY, ACCOUNTS, {})[1][0].balance == -100
    with pytest.raises(FloorError):
        book([advance], PARTY, ACCOUNTS, {ADVANCES: Balance(1, -1)})


def test_a_floor_holds_for_what_is_left_after_all_postings() -> None:
    """What counts is the balance after the whole action, whatever the order of its postings."""
    for postings in ([IN, OUT, OUT], [OUT, OUT, IN]):
        assert book(postings, PARTY, ACCOUNTS, {})[1][0].balance == 200
    with pytest.raises(FloorError):
        book([IN, OUT, OUT, OUT], PARTY, ACCOUNTS, {})


def test_the_destination_has_no_floor_to_hold() -> None:
    """What pays into an account that is below its floor is booked."""
    paid = move("house:credits", "professional:balance", 10, floor=Floor.RESPECTED)
    assert book([paid], PARTY, ACCOUNTS, {BALANCE: Balance(3, -50)})[1][0].balance == -40


@pytest.mark.parametrize(
    ("posting", "code"),
    [
        (move("professional:gold", "house:revenue", 1), "unknown_account"),
        (move("house:revenue", "house:gold", 1), "unknown_account"),
        (move("professional:balance", "house:revenue", 1, CRONO), "wrong_unit"),
        (move("professional:cronos", "house:revenue", 1, CRONO), "wrong_unit"),
        (move("house:credits", "professional:balance", 0), "amount_not_positive"),
        (move("house:credits", "professional:balance", -1), "amount_not_positive"),
        (move("house:credits", "prescriber:due", 1), "account_of_another_role"),
        (move("house:credits", "house:revenue", LARGEST + 1), "too_large"),
    ],
)
def test_what_cannot_be_booked_is_refused(posting: Posting, code: str) -> None:
    """An unknown account, a wrong unit, an amount that is none, another role: each by its code."""
    with pytest.raises(LedgerError, match=code):
        book([IN, posting], PARTY, ACCOUNTS, {})


def test_an_unknown_account_cannot_be_touched() -> None:
    """Reading an account that is not declared is refused like posting to it."""
    for name in ("professional:gold", "gold", ""):
        with pytest.raises(LedgerError, match="unknown_account"):
            book([], PARTY, ACCOUNTS, {}, touching=[name])


def test_a_balance_that_leaves_64_bits_is_refused() -> None:
    """No balance and no change of one leaves 64 bits, up or down."""
    one = move("house:credits", "professional:open", 1)
    back = move("professional:open", "house:credits", 1)
    name = f"{PARTY}:open"
    assert book([one], PARTY, ACCOUNTS, {name: Balance(1, LARGEST - 1)})[1][0].balance == LARGEST
    for posting, amount in ((one, LARGEST), (back, -LARGEST)):
        with pytest.raises(LedgerError, match="too_large"):
            book([posting], PARTY, ACCOUNTS, {name: Balance(1, amount)})
    most = move("professional:open", "house:credits", LARGEST)
    with pytest.raises(LedgerError, match="too_large"):
        book([most, most], PARTY, ACCOUNTS, {name: Balance(1, LARGEST)})


def test_a_refused_action_books_nothing() -> None:
    """Where one posting is refused, the balances that were given are as they were."""
    balances = {BALANCE: Balance(2, 100)}
    with pytest.raises(FloorError):
        book([OUT, IN, OUT, OUT, OUT], PARTY, ACCOUNTS, balances)
    assert balances == {BALANCE: Balance(2, 100)}


# --- names


def test_accounts_are_resolved_to_the_party() -> None:
    """A role's account becomes the party's; the house's stays; another role's is refused."""
    assert resolve("professional:balance", PARTY) == "professional:P-1:balance"
    assert resolve("house:revenue", PARTY) == "house:revenue"
    for account, party in (
        ("prescriber:due", PARTY),
        ("balance", PARTY),
        ("", PARTY),
        ("professional:balance", "professional"),
        ("professional:balance", "professional:"),
        ("professional:balance", ""),
    ):
        with pytest.raises(LedgerError, match="account_of_another_role"):
            resolve(account, party)


# --- laws

NAMES = {
    "CAD": ["professional:balance", "professional:open", "house:revenue", "house:credits"],
    "CRONO": ["professional:cronos", "professional:advances", "house:fees"],
}
postings = st.sampled_from([CAD, CRONO]).flatmap(
    lambda unit: st.builds(
        move,
        st.sampled_from(NAMES[unit.code]),
        st.sampled_from(NAMES[unit.code]),
        st.integers(1, 500) | st.integers(LARGEST - 1, LARGEST),
        st.just(unit),
        floor=st.sampled_from(Floor),
    )
)
touched = st.lists(st.sampled_from(["professional:balance", "professional:cronos"]), max_size=2)


@given(st.lists(postings, max_size=5), touched)
def test_every_booking_sums_to_zero(moves: list[Posting], read: list[str]) -> None:
    """Entries and the house's sides of the movements sum to zero in every unit."""
    try:
        movements, entries = book(moves, PARTY, ACCOUNTS, {}, touching=read)
    except LedgerError:
        return
    sums: Mapping[str, int] = _sums(movements, entries)
    assert not any(sums.values())
    assert is_balanced(movements, entries)
    assert len({entry.account for entry in entries}) == len(entries)
    assert not any(entry.account.startswith(HOUSE) for entry in entries)
    if movements:
        more = Movement("more", "house:revenue", BALANCE, Money(1, CAD))
        assert not is_balanced((*movements, more), entries)


def _sums(movements: tuple[Movement, ...], entries: tuple[Entry, ...]) -> Mapping[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for entry in entries:
        sums[entry.unit] += entry.amount
    for movement in movements:
        sides = ((movement.source, -1), (movement.destination, 1))
        for name, sign in sides:
            if name.startswith(HOUSE):
                sums[movement.amount.unit.code] += sign * movement.amount.smallest
    return sums


class Books(RuleBasedStateMachine):
    """Actions one after another, beside the plainest books there could be."""

    @initialize()
    def open(self) -> None:
        """Nothing has been booked."""
        self.last: dict[str, Balance] = {}
        self.entries: list[Entry] = []
        self.movements: list[Movement] = []
        self.plain: dict[str, int] = defaultdict(int)

    @rule(moves=st.lists(postings, max_size=4), read=touched)
    def act(self, moves: list[Posting], read: list[str]) -> None:
        """One action books its postings, or nothing."""
        after = dict(self.plain)
        for posting in moves:
            source, destination = (
                resolve(name, PARTY) for name in (posting.source, posting.destination)
            )
            after[source] = after.get(source, 0) - posting.amount.smallest
            after[destination] = after.get(destination, 0) + posting.amount.smallest
        floors = {resolve(a.name, PARTY): a.floor for a in ACCOUNTS[:4]}
        guarded = {resolve(p.source, PARTY) for p in moves if p.floor is Floor.RESPECTED}
        below = {
            name
            for name in guarded
            if (floor := floors.get(name)) is not None and after[name] < floor
        }
        refused: LedgerError | None = None
        movements: tuple[Movement, ...] = ()
        entries: tuple[Entry, ...] = ()
        try:
            movements, entries = book(moves, PARTY, ACCOUNTS, self.last, touching=read)
        except LedgerError as fault:
            refused = fault
        if isinstance(refused, FloorError):
            floor = floors[refused.account]
            assert refused.account in below
            assert floor is not None
            assert refused.short.smallest == floor - after[refused.account]
        elif refused is not None:
            assert refused.code == "too_large"
        if refused is not None:
            return
        assert not below
        self.plain = defaultdict(int, after)
        self.movements += movements
        self.entries += entries
        for entry in entries:
            self.last[entry.account] = Balance(entry.seq, entry.balance)

    @invariant()
    def the_books_agree(self) -> None:
        """Balances are those of the plain books, and all that was booked sums to zero."""
        for account, balance in self.last.items():
            assert balance.amount == self.plain[account]
        assert is_balanced(tuple(self.movements), tuple(self.entries))

    @invariant()
    def every_account_has_one_history(self) -> None:
        """Sequences run from one without a gap, and each balance is the sum of its entries."""
        by_account: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            by_account[entry.account].append(entry)
        for history in by_account.values():
            assert [e.seq for e in history] == list(range(OPENING.seq + 1, len(history) + 1))
            total = 0
            for entry in history:
                total += entry.amount
                assert entry.balance == total
                assert max(abs(entry.balance), abs(entry.amount)) <= LARGEST


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
