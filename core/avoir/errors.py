"""The family of errors of this package: each carries data and names what is at fault."""

from __future__ import annotations


class AvoirError(Exception):
    """Something Avoir refuses; ``code`` says what, ``data`` says where and with which values."""

    def __init__(self, code: str, /, **data: object) -> None:
        self.code = code
        self.data = data
        super().__init__(code)

    def __str__(self) -> str:
        where = ", ".join(f"{key}={value}" for key, value in self.data.items())
        return f"{self.code}: {where}" if where else self.code


class PolicyError(AvoirError):
    """A policy that cannot be built: names the plugin, the policy and the clause at fault."""


class UsageError(AvoirError):
    """Something a caller asked for that does not exist or cannot be read."""
