"""The GraphQL schema: shared types, and those made from the policies' data."""
