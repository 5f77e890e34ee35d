"""What the page asks: which names of the engine, by their namespace and by words in what is said of them."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state.fields import Choice, Note
from pages.ui.views.api.tables import EVERYWHERE, SPACES, matching
from pages.ui.views.api.takeaway import script

MOST = 10  # names that are shown in full; the others as a list
SPACE = Choice("space", "Namespace", {EVERYWHERE: "Everything"} | SPACES)
FIND = Note("find", "Find", "gradient", "Words from a name or from its description.", width=360)
FIELDS = (SPACE, FIND)


@dataclass(frozen=True)
class Question:
    """A namespace and the words to find."""

    space: str
    find: str

    def to_python(self) -> str:
        """The examples of what is shown, as a script that prints what they print."""
        return script(matching(self.space, self.find)[:MOST])
