"""The explorer: one page to write a query in, to run it, and to read its answer."""

from .pages import page

__all__ = ["page"]
