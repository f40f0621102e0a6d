"""A broker who pays for referrals: prescribers of contacts, and partners who bring deals."""
