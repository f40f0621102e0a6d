"""OpenID Connect: who comes with a token that an issuer of the operator's choice has signed."""

from avoir_gateway.oidc.claims import Expected
from avoir_gateway.oidc.issuer import LONGEST, Issuer
from avoir_gateway.oidc.keys import AGAIN_SECONDS, KEPT_SECONDS, RENEW_SECONDS, IssuerUnavailable

__all__ = [
    "AGAIN_SECONDS",
    "KEPT_SECONDS",
    "LONGEST",
    "RENEW_SECONDS",
    "Expected",
    "Issuer",
    "IssuerUnavailable",
]
