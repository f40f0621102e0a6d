"""The demo: tenants, people and matters of the businesses, in a folder of its own.

Every step is an action through the service under a fixed key, so that a second start does
nothing again. The demo's tenants are test tenants: their clocks stand still.
"""

from avoir_gateway.demo.people import PEOPLE, TENANTS, Person
from avoir_gateway.demo.seeding import SECRETS, DemoError, seed, steps
from avoir_gateway.demo.step import Step
from avoir_gateway.demo.telling import ASKER, REQUEST, prepare

__all__ = [
    "ASKER",
    "PEOPLE",
    "REQUEST",
    "SECRETS",
    "TENANTS",
    "DemoError",
    "Person",
    "Step",
    "prepare",
    "seed",
    "steps",
]
