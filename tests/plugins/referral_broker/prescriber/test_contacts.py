"""Email addresses and telephone numbers: each has one form, and what cannot be one is refused."""

from __future__ import annotations

import subprocess
import sys
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avoir.kinds import FactsError, Kind
from avoir_referral_broker.contacts import EmailAddress, Telephone, email_address, telephone

PARIS: Final = ZoneInfo("Europe/Paris")
ADDRESSES: Final = {
    "jean.dupont@example.org": "jean.dupont@example.org",
    " Jean.Dupont@Example.ORG\n": "jean.dupont@example.org",
    "jean+pret@example.org": "jean+pret@example.org",
    "É@exemple.fr": "é@exemple.fr",
    "a@MÜNCHEN.de": "a@münchen.de",
    "a@xn--mnchen-3ya.de": "a@münchen.de",
}
NUMBERS: Final = {
    "06 12 34 56 78": "+33612345678",
    "06.12.34.56.78": "+33612345678",
    "+33 (0)6 12 34 56 78": "+33612345678",
    "0033612345678": "+33612345678",
    "tel. 01 99 00 12 34": "+33199001234",
    "+7 912 345-67-89": "+79123456789",
    "+1 650 253 0000": "+16502530000",
    "+33612345678": "+33612345678",
}
NO_ADDRESS: Final = (
    *("", "jean", "jean@", "@example.org", "jean@example", "jean dupont@example.org"),
    *("Jean <jean@example.org>", "a@b@example.org", "jean@[127.0.0.1]", "a@localhost"),
    *(f"{'a' * 300}@example.org", f"a@{'a.' * 200}org", "a\0@example.org", "\ud800@example.org"),
)
NO_NUMBER: Final = (
    *("", "17", "jean", "+", "+999 12 34", "06 12 34 56 78 90 12 34 56", "0" * 300),
    *("+4300610288", "\ud800", "06\0"),
)


@pytest.mark.parametrize(("raw", "address"), ADDRESSES.items())
def test_an_email_address_has_one_form(raw: str, address: str) -> None:
    """In lower case, without spaces around it, its domain in the letters of its language."""
    assert email_address(raw) == address
    assert EmailAddress().read(raw, "contact.email", PARIS) == address


@pytest.mark.parametrize(("raw", "number"), NUMBERS.items())
def test_a_telephone_number_has_one_form(raw: str, number: str) -> None:
    """As it is dialled from anywhere; a number without a country code is a French one."""
    assert telephone(raw) == number
    assert Telephone().read(raw, "contact.telephone", PARIS) == number


REFUSED: Final = [
    *(pytest.param(EmailAddress(), "contact.email", raw) for raw in (*NO_ADDRESS, 7, ["a@b.fr"])),
    *(pytest.param(Telephone(), "contact.telephone", raw) for raw in (*NO_NUMBER, 33612345678)),
]


@pytest.mark.parametrize(("kind", "path", "raw"), REFUSED)
def test_what_cannot_be_one_is_refused_by_its_path(kind: Kind[str], path: str, raw: object) -> None:
    """The path is named, and the message is for people."""
    with pytest.raises(FactsError) as refused:
        kind.read(raw, path, PARIS)
    assert [fault.path for fault in refused.value.faults] == [path]
    assert all(fault.message.text for fault in refused.value.faults)


@pytest.mark.parametrize("raw", [None, 7, True, ["06 12 34 56 78"], {}, *NO_NUMBER, *NO_ADDRESS])
def test_a_record_without_one_has_none(raw: object) -> None:
    """What a record holds is read without an error, whatever it is."""
    assert email_address(raw) is None
    assert telephone(raw) is None


DIGITS: Final = st.text("0123456789 +()-./x", max_size=20)
LETTERS: Final = st.characters(min_codepoint=33, max_codepoint=0x2000)
LOCAL: Final = st.text(LETTERS, min_size=1, max_size=4)
DOMAINS: Final = st.text(LETTERS | st.sampled_from("aZ9.-"), min_size=1, max_size=6)


@given(st.text() | st.builds("{}@{}.fr".format, LOCAL, DOMAINS))
def test_an_address_in_its_form_stays_as_it_is(raw: str) -> None:
    """To normalise twice is to normalise once, and no text breaks it."""
    address = email_address(raw)
    assert address is None or email_address(address) == address


@given(st.text() | DIGITS | st.builds("+{}".format, DIGITS))
def test_a_number_in_its_form_stays_as_it_is(raw: str) -> None:
    """To normalise twice is to normalise once, and no text breaks it."""
    number = telephone(raw)
    assert number is None or telephone(number) == number


def test_the_libraries_are_loaded_where_somebody_is_attached() -> None:
    """To load the policy, as every start does, takes neither of them."""
    script = (
        "import sys, avoir_referral_broker.prescriber.policy\n"
        "sys.exit(bool({'email_validator', 'phonenumbers'} & sys.modules.keys()))"
    )
    path = [*sys.path]
    code = f"import sys; sys.path[:] = {path!r}\n{script}"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
