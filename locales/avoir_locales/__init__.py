"""The message catalogs of Avoir in English, French and Russian."""
