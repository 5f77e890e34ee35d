"""What the view is asked of a closed form: settings of its symbols, one to differentiate by, and numbers to put in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from pages.ui.cache.long_work import long
from pages.ui.say.display_math import in_math
from pages.ui.state import session
from pages.ui.state.fields import Choice, Note
from pages.ui.views.lessons.lessons import EXPLORED, Lesson

if TYPE_CHECKING:
    from kl_engine.symbolic.explore.explore import Form

NOTHING = "nothing"
FORMULA = Choice("formula", "Formula", {key: lesson.title for key, lesson in EXPLORED.items()})

Pairs = tuple[tuple[str, str], ...]  # symbol and what is typed for it


@dataclass(frozen=True)
class Question:
    """Settings by symbol, the symbol to differentiate by (None for none), and numbers by symbol; all as typed."""

    key: str
    settings: Pairs
    by: str | None
    numbers: Pairs

    @property
    def lesson(self) -> Lesson:
        """The lesson whose closed forms are explored."""
        return EXPLORED[self.key]

    def to_python(self) -> str:
        """A few lines that reproduce the forms and the numbers of the page with the engine."""
        return f"""from kl_engine.symbolic import DERIVATIONS
from kl_engine.symbolic.explore.exploration import explore
from kl_engine.symbolic.explore.explore import forms_of

for form in [form for name in {list(self.lesson.names)} for form in forms_of(DERIVATIONS[name])]:
    try:
        found = explore(form, {dict(self.settings)!r}, {self.by!r}, {dict(self.numbers)!r})
    except ValueError as refusal:
        print(form.label, "cannot be explored like this:", refusal)
        continue
    print(form.label, "=", found.left.expression)
    if found.slope:
        print("its derivative:", found.slope.expression)
        print("it is 0 at:", [solution.value for solution in found.stationarity.solutions])
    if found.value:
        print("its value =", found.value.value){"  # nats" if self.lesson.in_units else ""}
"""


@long(64, "Importing SymPy …")
def forms(names: tuple[str, ...]) -> tuple[Form, ...]:
    """The closed forms that the derivations prove, forward first."""
    from kl_engine.symbolic import DERIVATIONS
    from kl_engine.symbolic.explore.explore import forms_of

    return tuple(form for name in names for form in forms_of(DERIVATIONS[name]))


def ask_symbols() -> Question:
    """Draw the controls of the formula that is picked; the question."""
    from kl_engine.symbolic.formulas.symbol_names import spoken

    key = FORMULA.value
    form = forms(EXPLORED[key].names)[0]
    named = {symbol.name: spoken(symbol.name) for symbol in form.parameters}
    allowed = {symbol.name: f"{form.domain(symbol).words.capitalize()}." for symbol in form.parameters}
    settings = {name: Note(f"set_{name}", in_math(label), "free", allowed[name]) for name, label in named.items()}
    with st.container(horizontal=True, key="symbols"):
        typed = _typed(key, settings)
    st.caption("A number (2, 0.5, 1/3), or another symbol of the same kind; empty leaves the symbol free.")
    free = _left_free(form, dict(typed))
    # A symbol that a setting has just removed is no choice any more: it falls back to none.
    by = Choice("by", "Differentiate and solve for", {NOTHING: NOTHING, **{name: named[name] for name in free}})
    session.restore(by, part=key)
    for name in set(named) - set(free):
        session.leave_out(f"at_{name}", "its symbol is set")
    with st.container(horizontal=True, key="symbols_at"):
        chosen = by.pick()
        numbers = _typed(
            key, {name: Note(f"at_{name}", f"{in_math(named[name])} =", "number", allowed[name]) for name in free}
        )
    return Question(key, typed, None if chosen == NOTHING else chosen, numbers)


def _typed(part: str, notes: dict[str, Note]) -> Pairs:
    """What is typed for each symbol, where anything is."""
    session.restore(*notes.values(), part=part)
    texts = [(name, note.draw()) for name, note in notes.items()]
    return tuple((name, text) for name, text in texts if text)


def _left_free(form: Form, settings: dict[str, str]) -> list[str]:
    """The symbols that the settings leave; where those are refused, the ones without a setting."""
    from kl_engine.symbolic.explore.explore import fix

    try:
        return [symbol.name for symbol in fix(form, settings).parameters]
    except ValueError:
        return [symbol.name for symbol in form.parameters if symbol.name not in settings]
