"""The GraphQL gateway of Avoir."""
