"""Lists of words, written as a text."""


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
