"""The use cases that change the configuration: tenants, plugins, tokens, parameters, reviews."""

from avoir_gateway.administration.recording import Administering, Change, Done, Order, RefusedError

__all__ = ["Administering", "Change", "Done", "Order", "RefusedError"]
