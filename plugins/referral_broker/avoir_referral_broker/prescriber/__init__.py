"""Prescribers: their contacts attached, and what their convention pays for them."""
