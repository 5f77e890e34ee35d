"""What a person has set: from the address when a page opens, from memory when they come back, and undone on request.

This is the one place where the address is read and written. The rules:

- While a person stays on a page, what its controls hold is the truth, and the address follows it.
- When a page opens (by a link, by the navigation, by Back), the address is the truth. One that says anything of the
  page says everything: what it leaves out has its default. One that says nothing of it leaves all as it was left.
- The address is written at once, after all controls, where the page has just been opened or the address has changed.
  Streamlit makes a new entry in the browser's history for that; `frame/history.js` makes it replace the present one, so
  that Back leaves the page. The address that opened the app is therefore left as it came until something is set: what
  it is to say stands in the page, and that script writes it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.ui.state.callbacks import button
from pages.ui.state.fields import Field

KEY = "kept_state"  # in the session: plain, so that it outlives the widgets of a page
ASKED = "question"
EVERYWHERE = "everywhere"  # the place of a field that is the same on all pages
UNITS = "units"  # what the address may say on every page; it says nothing of the page itself
MOST_UNDONE = 50
MOST_ADDRESSES = 20

Place = tuple[str, str]  # where a value belongs (a page, or a part of one), and its key
Address = dict[str, tuple[str, ...]]


@dataclass
class Kept:
    """All that is known of a session: the values of all pages, and how the present page was opened."""

    values: dict[Place, object] = field(default_factory=dict)
    past: dict[str, list[dict[Place, object]]] = field(default_factory=dict)  # by page, oldest first
    last: dict[str, dict[Place, object]] = field(default_factory=dict)  # by page, as it was when last drawn
    page: str = ""
    live: dict[str, tuple[Place, Field | None]] = field(default_factory=dict)  # what the session has under each key
    drawn: dict[str, tuple[Place, Field]] = field(default_factory=dict)  # of this run, by key
    link: Address | None = None  # the address that opened the page, until all controls have read it
    addresses: list[Address] = field(default_factory=list)  # that this page has had since
    notes: list[str] = field(default_factory=list)  # what was to be said of the link
    noted: object = None  # where it is said on this run: in one place, whoever finds more
    given: set[str] = field(default_factory=set)  # keys that a callback has set since the last run
    offered: bool = False  # whether Undo was last drawn with something to take back
    address: Address | None = None  # that says what is set
    opened: bool = False  # whether this run opens the page, and does not only follow what a person does there
    first: object = None  # where it is said to the browser what the address that opened the app is to say
    may_write: bool = False  # whether that one may be replaced by the server


def kept() -> Kept:
    """What is known of this session."""
    return st.session_state.setdefault(KEY, Kept())


def begin(page: str) -> None:
    """Start a run of a page: see whether it has just been opened, and by what address."""
    known, address = kept(), _address()
    known.opened = known.page != page or address not in known.addresses
    if known.opened:
        known.page, known.link = page, address
        known.live, known.addresses, known.address, known.notes = {}, [address], None, []
    known.drawn, known.noted = {}, None
    if known.notes:  # of a run that was left before it came to its end
        _warn(known)


def restore(*fields: Field, part: str = "") -> None:
    """Give every field its value, before it is drawn, and say what of the link could not be used.

    A `part` is the name of what the fields belong to, where a page shows now one thing and now another with fields of
    the same names (a lesson, a model).
    """
    known, notes = kept(), []
    for each in fields:
        place = (EVERYWHERE if each.shared else f"{known.page} {part}".strip(), each.key)
        is_live = known.live.get(each.key, (None, None))[0] == place or each.key in known.given
        if is_live and each.key in st.session_state:
            value = each.admit(st.session_state[each.key])
        else:
            value, note = _opened(known, place, each)
            notes += [note] if note else []
        # A value that is set tells the browser to show it, and takes back what is being typed there: so it is set only
        # where it is new, or where the control is: that of another page, or one with other options.
        if known.live.get(each.key) != (place, each) or st.session_state.get(each.key) != value:
            st.session_state[each.key] = value
        known.live[each.key] = known.drawn[each.key] = place, each
        known.given.discard(each.key)
    if notes:
        say(notes)


def say(notes: Sequence[str]) -> None:
    """Say what of the link could not be used, and what is used instead."""
    known = kept()
    known.notes += [note for note in notes if note not in known.notes]
    _warn(known)


def leave_out(key: str, why: str) -> None:
    """Say of a name of the link that it is not used here, and why; nothing where the link does not have it."""
    if key in (kept().link or {}):
        say([f"{key} is left out, as {why}"])


def opened_bare() -> bool:
    """Whether the page has just been opened by an address that says nothing of it; to be asked before `keep`."""
    link = kept().link
    return link is not None and not set(link) - {UNITS}


def has_just_opened() -> bool:
    """Whether this run is the one that opens the page."""
    return kept().opened and not runs_alone()


def ask(question):
    """The question that the page answers: kept in the session, where whatever is to know it finds it."""
    st.session_state[ASKED] = question
    return question


def keep() -> None:
    """Once all controls are drawn: keep what is set, remember what was set before, and write the address."""
    known = kept()
    values = {place: each.value for place, each in known.drawn.values()}
    known.values |= values
    undoable = {place: values[place] for place, each in known.drawn.values() if each.undoable}
    if undoable:
        last = known.last.get(known.page)
        if last is not None and last != undoable:
            past = known.past.setdefault(known.page, [])
            past.append(last)
            del past[:-MOST_UNDONE]
        known.last[known.page] = undoable
    known.link, known.notes, known.given = None, [], set()
    _write(known)


def runs_alone() -> bool:
    """Whether a fragment runs without its page: then nothing after it keeps what is set."""
    run = get_script_run_ctx()
    return run is not None and bool(run.fragment_ids_this_run)


def put(values: dict[str, object]) -> None:
    """Set fields by key, of what is shown now or of what is shown from now on: for the callbacks of buttons."""
    st.session_state.update(values)
    kept().given |= set(values)


def can_be_put(values: dict[str, object], others: Sequence[Field] = ()) -> bool:
    """Whether all of these are of fields that the page has restored, each a value that its field leaves as it is.

    Or of one of the `others`, which the page restores once the values are set.
    """
    fields = {each.key: each for each in (*others, *(each for _, each in kept().drawn.values()))}
    return all(key in fields and fields[key].admit(value) == value for key, value in values.items())


def undo_button(label: str = "Undo", name: str = "undo") -> None:
    """A button that takes back the last change of the page's controls; to be drawn after `keep`."""
    known = kept()
    known.offered = can_undo()
    button(label, _undo, known.page, disabled=not known.offered, key=f"{name}_{known.page}")


def renew_undo() -> None:
    """Run the whole page again where its Undo, which stands outside the fragment that asks, is that of another state.

    To be asked once the fragment has kept what is set.
    """
    if kept().offered != can_undo():
        st.rerun()


def can_undo() -> bool:
    """Whether there is a change of the page's controls to take back."""
    known = kept()
    return _is_changed(known) or bool(known.past.get(known.page))


def _undo(page: str) -> None:
    known = kept()
    values = known.last[page] if _is_changed(known) else known.past[page].pop()
    for place, value in values.items():
        known.values[place] = value
        known.live[place[1]] = place, None
        st.session_state[place[1]] = value
    known.last[page] = values


def _is_changed(known: Kept) -> bool:
    """Whether a control has a value that is not kept yet: that of a run which did not come so far."""
    last = known.last.get(known.page, {})
    return any(
        known.live.get(place[1], (None, None))[0] == place and st.session_state.get(place[1], value) != value
        for place, value in last.items()
    )


def _opened(known: Kept, place: Place, each: Field) -> tuple[object, str]:
    """The value of a field that has not been drawn since the page was opened, and what there is to say about it."""
    link = known.link or {}
    for name in (each.key, *each.once):
        if name in link:
            return each.read(link[name][-1])
    if place in known.values and (each.key == UNITS or not set(link) - {UNITS}):
        return each.admit(known.values[place]), ""
    return (each.left_out if set(link) - {UNITS} else each.default), ""


def _address() -> Address:
    """What the address says now."""
    return {key: tuple(st.query_params.get_all(key)) for key in st.query_params}


def place_first_address() -> None:
    """Here the page tells the browser what the address that opened the app is to say."""
    kept().first = st.empty()


def _write(known: Kept) -> None:
    """Write what is set into the address, where that says anything else."""
    texts = {key: each.text(known.values[place]) for key, (place, each) in known.drawn.items()}
    opened = known.address is None
    address = known.address = {key: (text,) for key, text in texts.items() if text is not None}
    if not known.may_write:
        query = urlencode({key: text for key, (text,) in address.items()})
        # In letters and digits alone: what a person typed stands in no markup, not even escaped.
        known.first.html(f'<i data-first-address="{b64encode(query.encode()).decode()}" hidden></i>')
    # While a page is being opened the browser may still have been told the address of the one before.
    elif opened or address != _address():
        _put_in_address(address)
    known.may_write = True  # from the next run on
    if address not in known.addresses:
        known.addresses.append(address)
        del known.addresses[:-MOST_ADDRESSES]


def _put_in_address(address: Address) -> None:
    st.query_params.from_dict({key: texts[0] for key, texts in address.items()})


def _warn(known: Kept) -> None:
    known.noted = known.noted or st.empty()
    known.noted.warning("From the link: " + "; ".join(known.notes) + ".")
