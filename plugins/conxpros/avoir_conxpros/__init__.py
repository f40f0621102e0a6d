"""The terms of conXpros."""
