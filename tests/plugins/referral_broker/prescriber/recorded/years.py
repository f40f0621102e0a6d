"""Recorded examples of the year: its last day, the day after, 29 February, midnight in Paris."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.plugins.referral_broker.prescriber.examples import (
    APPROVED,
    REFUSED,
    Example,
    assessing,
    attachment,
    nothing,
    proposed,
)

YEARS: Final = (
    # attached, years, last moment, the moment after it, last day
    ("2024-03-15 10:00", 1, "2025-03-15 23:59:59", "2025-03-16 00:00", "2025-03-15"),
    ("2024-03-15 00:00", 1, "2025-03-15 23:59:59", "2025-03-16 00:00", "2025-03-15"),
    ("2024-03-15 23:59:59", 1, "2025-03-15 00:00", "2025-03-16 00:00", "2025-03-15"),
    ("2024-02-29 10:00", 1, "2025-02-28 23:59:59", "2025-03-01 00:00", "2025-02-28"),
    ("2024-02-29 10:00", 4, "2028-02-29 23:59:59", "2028-03-01 00:00", "2028-02-29"),
    ("2023-02-28 10:00", 1, "2024-02-28 23:59:59", "2024-02-29 00:00", "2024-02-28"),
    ("2023-12-31 10:00", 1, "2024-12-31 23:59:59", "2025-01-01 00:00", "2024-12-31"),
    ("2024-03-15 10:00", 10, "2034-03-15 23:59:59", "2034-03-16 00:00", "2034-03-15"),
    # in Paris it is the 15th already, and the 15th still
    ("2024-03-14T23:30:00+00:00", 1, "2025-03-15 23:59:59", "2025-03-16 00:00", "2025-03-15"),
    ("2024-03-15 10:00", 1, "2025-03-15T22:59:59+00:00", "2025-03-15T23:00:00+00:00", "2025-03-15"),
    # summer time begins on the anniversary
    ("2023-03-31 01:30", 1, "2024-03-31 23:59:59", "2024-04-01 00:00", "2024-03-31"),
    # winter time begins on the anniversary: the day has 25 hours
    ("2023-10-27 10:00", 1, "2024-10-27 23:59:59", "2024-10-28 00:00", "2024-10-27"),
)  # fmt: skip


def _each_year() -> Iterator[Example]:
    for attached, years, last, after, day in YEARS:
        ends = {f"remuneration_window_ends {day}"}
        attachments = [attachment(moment=attached)]
        of = f"attached {attached}, {years} year(s)"
        yield Example(
            f"{of}: on the last day",
            assessing(attachments=attachments, transformed=last),
            APPROVED,
            "CONVENTION ONE-YEAR",
            parameters={"window_years": years},
            more=proposed(deadlines=ends),
        )
        yield Example(
            f"{of}: on the day after",
            assessing(attachments=attachments, transformed=after),
            REFUSED,
            "ONE-YEAR CRM-DATE",
            parameters={"window_years": years},
            more=nothing("window_expired", deadlines=ends),
        )


WINDOWS: Final = tuple(_each_year())
