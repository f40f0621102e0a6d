"""Names: how keys, paths and values of a policy are called in the schema. One rule for all.

An action is ``<plugin><Policy><Action>``, and every type of a policy begins with
``<Plugin><Policy>``: ``xpertsource.lead_credit`` and ``request_credit`` are
``xpertsourceLeadCreditRequestCredit``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from avoir.policies import Policy

_BREAKS: Final = re.compile(r"[_.\-\s]+")
_NAME: Final = re.compile(r"(?!__)[_A-Za-z][_0-9A-Za-z]*", re.ASCII)
_NO_LETTER: Final = re.compile(r"[^0-9A-Za-z]+", re.ASCII)
_STEP: Final = re.compile(r"[^.\[\]]+")


def pascal(*names: str) -> str:
    """``lead_credit`` as ``LeadCredit``; several names are put together."""
    words = (word for name in names for word in _BREAKS.split(name) if word)
    return "".join(word[0].upper() + word[1:] for word in words)


def camel(*names: str) -> str:
    """``lead_credit`` as ``leadCredit``; several names are put together."""
    whole = pascal(*names)
    return whole[:1].lower() + whole[1:]


def constant(value: str) -> str:
    """The value of a choice as that of an enum: ``rolling_month`` as ``ROLLING_MONTH``."""
    name = _NO_LETTER.sub("_", value).upper()
    return f"_{name}" if name[:1].isdigit() else name


def is_name(name: str) -> bool:
    """Whether GraphQL takes this for a name, and does not keep it for itself."""
    return _NAME.fullmatch(name) is not None


def prefix(policy: Policy) -> str:
    """What every type of a policy begins with."""
    return pascal(policy.plugin, policy.name)


def door(policy: Policy, action: str) -> str:
    """The field of an action: of ``Mutation``, and of the input of ``evaluate``."""
    return camel(policy.plugin, policy.name, action)


def steps(path: str) -> Iterator[str]:
    """The steps of a path of facts: ``attempts[4].proof`` as ``attempts``, ``4``, ``proof``."""
    yield from _STEP.findall(path)
