"""The compiler: a table written as plain Python, to be read and to be run.

A table becomes one function. It checks for impossible facts and gives every row its status down to
the one that decides, with the amount; below an adverse row it goes on and collects what else stands
in the way. A condition is true, false or ``None`` in a local variable; a measure is computed where
it is first needed, once. What an unknown fact keeps open is only noted: the conditions themselves
explain it later, if anybody asks.

What a decision brings with it – dates, notices, amounts – is written in the same way, each term and
each condition as a function of its own.
"""

from .conditions import truth, value, values
from .readings import read_by, readings
from .tables import verdict
from .writing import Source

__all__ = ["Source", "read_by", "readings", "truth", "value", "values", "verdict"]
