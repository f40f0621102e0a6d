"""Cronoshare: contacts bought in cronos, and their refunds."""
