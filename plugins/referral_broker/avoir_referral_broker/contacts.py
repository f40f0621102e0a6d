"""Contacts: email addresses and telephone numbers, each in one form, so that they compare."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from avoir.kinds import FactsError, Fault, Text
from avoir.messages import N_, Message

REGION: Final = "FR"
"""Where a telephone number without a country code is one of."""


class EmailAddress(Text):
    """An email address, in lower case and in its normal form; nobody is asked whether it exists."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> str:
        address = email_address(super().read(raw, path, local))
        if address is None:
            text = N_("must be an email address such as “name@example.org”")
            raise FactsError(Fault(path, Message(text)))
        return address


class Telephone(Text):
    """A telephone number, as it is dialled from anywhere: ``+33612345678``."""

    __slots__ = ()

    def read(self, raw: object, path: str, local: ZoneInfo) -> str:
        number = telephone(super().read(raw, path, local))
        if number is None:
            text = N_("must be a telephone number such as “+33 6 12 34 56 78”")
            raise FactsError(Fault(path, Message(text)))
        return number


def email_address(raw: object) -> str | None:
    """An email address in its one form; None where it cannot be one."""
    # heavy, and only needed where somebody is attached
    from email_validator import EmailNotValidError, validate_email

    if not isinstance(raw, str):
        return None
    try:
        return validate_email(raw.strip(), check_deliverability=False).normalized.lower()
    except (EmailNotValidError, UnicodeError):
        return None


def telephone(raw: object) -> str | None:
    """A telephone number in its one form; None where it cannot be one."""
    number = _dialled(raw)
    # a prefix that comes off again and again leaves no one form: it was no number
    return number if number is not None and _dialled(number) == number else None


def _dialled(raw: object) -> str | None:
    from phonenumbers import (
        NumberParseException,
        PhoneNumberFormat,
        format_number,
        is_possible_number,
        parse,
    )

    if not isinstance(raw, str):
        return None
    try:
        number = parse(raw, REGION)
    except NumberParseException:
        return None
    return format_number(number, PhoneNumberFormat.E164) if is_possible_number(number) else None
