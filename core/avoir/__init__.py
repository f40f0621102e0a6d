"""Avoir: business terms as code, decided, explained and booked."""
