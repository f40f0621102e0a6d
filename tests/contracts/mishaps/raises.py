"""Raises while it is imported."""

raise RuntimeError("the price list is missing")
