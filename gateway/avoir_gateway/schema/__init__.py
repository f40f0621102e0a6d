"""The GraphQL schema: shared types, and those made from the policies' data."""

from avoir_gateway.schema.build import Schemas, build, sdl
from avoir_gateway.schema.context import Context
from avoir_gateway.schema.serving import Schema

__all__ = ["Context", "Schema", "Schemas", "build", "sdl"]
