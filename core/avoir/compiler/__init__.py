"""The compiler: a table written as plain Python, to be read and to be run.

A table becomes two functions. The first checks for impossible facts and gives every row its
status down to the one that decides, with the amount; the second looks, below an adverse row, for
what else stands in the way. A condition is true, false or ``None`` in a local variable; a measure
is computed where it is first needed, once. What an unknown fact keeps open is only noted: the
conditions themselves explain it later, if anybody asks.
"""

from .tables import below, statuses
from .writing import Source

__all__ = ["Source", "below", "statuses"]
