"""Who is in the demo: its test tenants, and the people of each, everyone with a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from avoir.lifecycles import Role
from avoir_gateway import store


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token: an id that stays, a role, and the party he is."""

    id: str
    role: Role
    name: str
    party: str | None = None


MARKETPLACE: Final = (
    Person("platform", Role.PLATFORM, "Marketplace systems"),
    Person("professional", Role.PROFESSIONAL, "Camille Roy", "professional:P-1"),
    Person("other-professional", Role.PROFESSIONAL, "Alexei Volkov", "professional:P-2"),
    Person("manager", Role.MANAGER, "Dominique Gagnon"),
    Person("reviewer", Role.REVIEWER, "Robin Tremblay"),
    Person("second-reviewer", Role.REVIEWER, "Sasha Miller"),
    Person("operator", Role.OPERATOR, "Alex Martin"),
    Person("auditor", Role.AUDITOR, "Morgan Bell"),
)
BROKER_IN_PARIS: Final = (
    Person("team", Role.TEAM, "Claire Dubois"),
    Person("prescriber", Role.PRESCRIBER, "Nadia Benali", "prescriber:PR-1"),
    Person("other-prescriber", Role.PRESCRIBER, "Julien Moreau", "prescriber:PR-2"),
    Person("reviewer", Role.REVIEWER, "Hélène Garnier"),
    Person("operator", Role.OPERATOR, "Antoine Lefèvre"),
    Person("auditor", Role.AUDITOR, "Mathilde Caron"),
)
BROKER_IN_MOSCOW: Final = (
    Person("team", Role.TEAM, "Ирина Кузнецова"),
    Person("partner", Role.PARTNER, "Дмитрий Орлов", "partner:PT-1"),
    Person("other-partner", Role.PARTNER, "Ольга Лебедева", "partner:PT-2"),
    Person("reviewer", Role.REVIEWER, "Наталья Морозова"),
    Person("operator", Role.OPERATOR, "Алексей Фёдоров"),
    Person("auditor", Role.AUDITOR, "Сергей Павлов"),
)


def _tenant(
    name: str, title: str, language: str, zone: str, unit: str, plugins: tuple[str, ...], at: str
) -> store.Tenant:
    return store.Tenant(
        id=name,
        name=title,
        language=language,
        time_zone=zone,
        currency=unit,
        plugins=plugins,
        kind=store.TenantKind.TEST,
        clock=datetime.fromisoformat(at),
    )


TENANTS: Final = (
    _tenant(
        "xpertsource-demo",
        "XpertSource (demo)",
        "fr_CA",
        "America/Toronto",
        "CAD",
        ("xpertsource",),
        "2026-03-16T10:00:00-04:00",
    ),
    _tenant(
        "conxpros-demo",
        "conXpros (demo)",
        "en_US",
        "America/New_York",
        "USD",
        ("conxpros",),
        "2026-03-16T10:00:00-04:00",
    ),
    _tenant(
        "cronoshare-demo",
        "Cronoshare (demo)",
        "fr_FR",
        "Europe/Paris",
        "EUR",
        ("cronoshare",),
        "2026-03-16T10:00:00+01:00",
    ),
    _tenant(
        "both-demo",
        "Both businesses (demo)",
        "en_CA",
        "America/Toronto",
        "CAD",
        ("xpertsource", "conxpros"),
        "2026-03-16T10:00:00-04:00",
    ),
    _tenant(
        "prescribers-demo",
        "Referral broker: prescribers (demo)",
        "fr_FR",
        "Europe/Paris",
        "EUR",
        ("referral_broker.prescriber",),
        "2026-03-16T10:00:00+01:00",
    ),
    _tenant(
        "partners-demo",
        "Referral broker: partners (demo)",
        "ru_RU",
        "Europe/Moscow",
        "RUB",
        ("referral_broker.partner",),
        "2026-03-16T10:00:00+03:00",
    ),
)
PEOPLE: Final[Mapping[str, tuple[Person, ...]]] = {
    "xpertsource-demo": MARKETPLACE,
    "conxpros-demo": MARKETPLACE,
    "cronoshare-demo": MARKETPLACE,
    "both-demo": MARKETPLACE,
    "prescribers-demo": BROKER_IN_PARIS,
    "partners-demo": BROKER_IN_MOSCOW,
}
"""The people of each tenant, by the id of the tenant."""
