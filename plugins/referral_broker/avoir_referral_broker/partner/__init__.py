"""The policy of partners: a deal in twelve steps, and a share of the loan at its end."""
