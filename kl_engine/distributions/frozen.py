"""Frozen objects that hold arrays: what a copy or a pickle of one carries."""

from __future__ import annotations

from dataclasses import fields

import numpy as np


class FrozenArrays:
    """A frozen dataclass whose arrays stay read-only in every copy, whose numbers stay the same to the last bit.

    Only the fields are carried: what has been computed from them is computed again when it is asked for. (A pickle of
    NumPy's forgets that an array was read-only, and making the object anew would divide its weights by their sum once
    more.)
    """

    def __getstate__(self) -> dict[str, object]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __setstate__(self, state: dict[str, object]) -> None:
        for name, value in state.items():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
            object.__setattr__(self, name, value)
