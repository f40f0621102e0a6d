"""The command ``avoir``."""

from avoir.cli.main import main

__all__ = ["main"]
