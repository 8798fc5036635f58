"""Single values that stand for a plain one: members of an Enum, and numbers of other libraries."""

from __future__ import annotations

import numbers
from decimal import Decimal
from enum import Enum
from typing import Any

#: How deep lists and mappings may nest. What is deeper is taken to contain itself: well before
#: Python's limit on recursion, at which the finalizers of other objects would fail.
MAX_DEPTH = 100


def plain_scalar(value: Any) -> Any:
    """Return the plain value that another stands for; anything else as it is.

    :param value: a member of an Enum, a scalar of NumPy or a library like it, or any number.
    :return: for these a ``str``, ``bool``, ``int`` or ``float``.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (str, int, float, Decimal)):
        return value
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        return value.item()  # NumPy's booleans are no numbers in Python's sense
    if isinstance(value, numbers.Integral):
        return int(value)
    return float(value) if isinstance(value, numbers.Real) else value
