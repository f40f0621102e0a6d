"""Money: exact, in whole numbers of the smallest unit, read from plain digits only."""

from __future__ import annotations

from contextlib import suppress
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avoir.money import LARGEST, AmountError, Money, Rounding, Unit, UnitError, currency, decimal

CAD, CRONO = Unit("CAD", 2), Unit("CRONO", 0)

smallest = st.integers(-LARGEST, LARGEST)
units = st.builds(Unit, st.sampled_from(["CAD", "BTC", "CRONO"]), st.integers(0, 18))


@given(smallest, units)
def test_what_is_written_reads_back(amount: int, unit: Unit) -> None:
    """Every amount of every unit is written as plain digits, and reads back as itself."""
    money = Money(amount, unit)
    text = money.amount
    assert set(text) <= set("-0123456789.")
    assert len(text.partition(".")[2]) == unit.decimals
    assert Fraction(text) == Fraction(amount, 10**unit.decimals)
    if len(text.partition(".")[0].lstrip("-")) <= 19:
        assert Money.parse(text, unit) == money


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("120.00", CAD, 12_000),
        ("120", CAD, 12_000),
        ("120.5", CAD, 12_050),
        ("0.01", CAD, 1),
        ("0", CAD, 0),
        ("0.000", CAD, 0),
        ("1.230000", CAD, 123),
        ("-3.10", CAD, -310),
        ("7", CRONO, 7),
        ("7.0", CRONO, 7),
        ("92233720368547758.07", CAD, LARGEST),
        ("9223372036854775807", CRONO, LARGEST),
        ("-9223372036854775807", CRONO, -LARGEST),
    ],
)
def test_plain_digits_are_read(text: str, unit: Unit, amount: int) -> None:
    """Plain digits are read exactly; zeros at the end change nothing."""
    assert Money.parse(text, unit) == Money(amount, unit)


REFUSED = (
    *("", " ", ".", "-", "1.", ".5", "1.2.3", "1,5", "1 000", " 1", "1 ", "1\n", "\t1", "+1"),
    *("--1", "00", "01", "-01", "1e2", "1E2", "1e999999", "NaN", "nan", "sNaN", "Infinity", "-inf"),
    *("1_000", "0x10", "0b1", "١٢٣", "１２", "²", "½", "1\0", "\ud800", "−1", "$1", "1.00 CAD"),
    *("1" * 20, "9" * 100_000, "0." + "1" * 19),
)


def test_nothing_else_is_an_amount() -> None:
    """No NaN, exponents, underscores, signs, foreign digits, leading zeros, or endless digits."""
    for text in REFUSED:
        with pytest.raises(AmountError, match="not_a_decimal"):
            Money.parse(text, CAD)
        with pytest.raises(AmountError, match="not_a_decimal"):
            decimal(text)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("0.001", CAD),
        ("1.5", CRONO),
        ("12345678901234567.000000000000000001", CAD),
        ("9223372036854775807.000000000000000001", CRONO),
        ("-0.000000000000000001", CAD),
    ],
)
def test_more_decimals_than_the_unit_has_are_refused(text: str, unit: Unit) -> None:
    """A fraction of the smallest unit is refused and never rounded away, however small it is."""
    with pytest.raises(AmountError, match="too_many_decimals"):
        Money.parse(text, unit)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("92233720368547758.08", CAD),
        ("9223372036854775808", CRONO),
        ("-9223372036854775808", CRONO),
        ("9" * 19, CAD),
        ("1", Unit("TINY", 19)),
    ],
)
def test_what_leaves_64_bits_is_refused(text: str, unit: Unit) -> None:
    """An amount that no 64-bit store holds is refused, in either direction."""
    with pytest.raises(AmountError, match="too_large"):
        Money.parse(text, unit)


@given(st.text(st.sampled_from("0123456789.-+eE_ "), max_size=45), units)
def test_an_amount_is_exact_or_refused(text: str, unit: Unit) -> None:
    """Whatever is read is what was written, to the last digit; the rest is an AmountError."""
    try:
        money = Money.parse(text, unit)
    except AmountError:
        return
    assert Fraction(money.smallest, 10**unit.decimals) == Fraction(text)


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    """No text raises anything but an AmountError."""
    with suppress(AmountError):
        assert Money.parse(text, CAD).unit == CAD


@given(smallest, smallest)
def test_sums_and_comparisons_are_those_of_whole_numbers(one: int, other: int) -> None:
    """Adding, subtracting, negating and comparing are exact."""
    a, b = Money(one, CAD), Money(other, CAD)
    assert (a + b).smallest == one + other
    assert (a - b).smallest == one - other
    assert -a == Money(-one, CAD)
    assert (a < b, a <= b, a > b, a >= b) == (one < other, one <= other, one > other, one >= other)
    assert (a == b) is (one == other)
    assert a != b or hash(a) == hash(b)


def test_different_units_do_not_mix() -> None:
    """Two units are never added or compared; the error names both. They are not equal either."""
    cad, crono = Money(5, CAD), Money(5, CRONO)
    for mix in (
        lambda: cad + crono,
        lambda: cad - crono,
        lambda: cad < crono,
        lambda: cad <= crono,
        lambda: cad > crono,
        lambda: cad >= crono,
    ):
        with pytest.raises(UnitError, match="different_units: left=CAD, right=CRONO"):
            mix()
    assert cad != crono


def _rounded(exact: Fraction, rounding: Rounding) -> int:
    """Rounding, written down once more with fractions."""
    floor, rest = divmod(abs(exact), 1)
    up = {
        Rounding.DOWN: False,
        Rounding.HALF_UP: rest >= Fraction(1, 2),
        Rounding.HALF_EVEN: rest > Fraction(1, 2) or (rest == Fraction(1, 2) and floor % 2 == 1),
    }[rounding]
    return int(floor + up) * (1 if exact >= 0 else -1)


rates = st.decimals(0, 1, places=3) | st.integers(0, 10**18).map(lambda n: Decimal(n).scaleb(-18))


@given(smallest, rates, st.sampled_from(Rounding))
def test_a_share_is_rounded_once(amount: int, rate: Decimal, rounding: Rounding) -> None:
    """A share is the exact product, rounded once, also where the product has many digits."""
    share = Money(amount, CAD).share(rate, rounding)
    assert share == Money(_rounded(amount * Fraction(rate), rounding), CAD)


@pytest.mark.parametrize(
    ("amount", "rate", "half_up", "half_even", "down"),
    [
        (2001, "0.5", 1001, 1000, 1000),
        (2003, "0.5", 1002, 1002, 1001),
        (-2001, "0.5", -1001, -1000, -1000),
        (10_000_000_00, "0.025", 25_000_000, 25_000_000, 25_000_000),
        (1, "0.4999999999", 0, 0, 0),
        (0, "0.5", 0, 0, 0),
    ],
)
def test_each_way_of_rounding(
    amount: int, rate: str, half_up: int, half_even: int, down: int
) -> None:
    """Half up goes away from zero, half even to the even neighbour, down towards zero."""
    found = [Money(amount, CAD).share(Decimal(rate), how).smallest for how in Rounding]
    assert found == [half_up, half_even, down]


@pytest.mark.parametrize("rounding", [ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP])
def test_the_surroundings_do_not_round(rounding: str) -> None:
    """A decimal context of the caller, however short, changes no amount and no share."""
    with localcontext() as context:
        context.prec, context.rounding = 3, rounding
        assert Money.parse("12345678901234.56", CAD).smallest == 1234567890123456
        assert Money(1234567890123456, CAD).amount == "12345678901234.56"
        assert Money(1234567890123457, CAD).share(Decimal("0.5"), Rounding.DOWN) == Money(
            617283945061728, CAD
        )


def test_currencies() -> None:
    """A currency is an ISO 4217 code, with the decimals it has."""
    assert currency("CAD") == CAD
    assert currency("JPY") == Unit("JPY", 0)
    assert currency("KWD") == Unit("KWD", 3)
    for code in ("", "cad", "CA", "CADX", "CRONO", "ZZZ", "ＣＡＤ", "CAD\n", "\ud800"):
        with pytest.raises(AmountError, match="no_such_unit"):
            currency(code)
