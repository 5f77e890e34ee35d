"""A tuple of what was found, with what is to be said about it."""

from __future__ import annotations

from typing import Any, ClassVar


class Listing(tuple):
    """A tuple with attributes of its own, named in `told`: read-only, and copied or pickled by being made anew."""

    told: ClassVar[tuple[str, ...]] = ()

    def __new__(cls, items, *facts: Any):
        """The items in their order, and a value for each name in `told`."""
        self = super().__new__(cls, items)
        self.__dict__.update(zip(cls.told, facts, strict=True))
        return self

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a {type(self).__name__} is not changed once it is made ({name!r})")

    __delattr__ = None

    def __reduce__(self) -> tuple:
        return type(self), (tuple(self), *(getattr(self, name) for name in self.told))
