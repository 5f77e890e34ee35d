"""Long work: what it finishes is kept, what is stopped half-way is not."""

from threading import Event, Thread
from unittest.mock import MagicMock, patch

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.cache.long_work import MOMENT, STOPPED, long, waited_for
from pages.ui.cache.stoppable import stoppable


def test_a_result_is_kept_and_the_oldest_goes():
    asked = []

    @stoppable(2, "Working")
    def square(x, progress):
        progress(1.2)  # beyond the whole by rounding: no fault of the work
        asked.append(x)
        return x * x

    assert [square(x) for x in (2, 3, 2, 4, 2, 3)] == [4, 9, 4, 16, 4, 9]
    assert asked == [2, 3, 4, 3]


def test_what_is_interrupted_is_not_kept():
    class Interrupted(BaseException):
        """As Streamlit leaves a run."""

    tries = []

    @stoppable(2, "Working")
    def halting(progress):
        tries.append(1)
        if len(tries) == 1:
            raise Interrupted
        return "whole"

    with pytest.raises(Interrupted):
        halting()
    assert halting() == halting() == "whole" and len(tries) == 2


def test_a_session_leaves_long_work_at_once_and_finds_it_done_when_it_comes_back():
    class Elsewhere(BaseException):
        """As Streamlit leaves a run."""

    begun, go_on, done = Event(), Event(), []

    def slow():
        begun.set()
        go_on.wait(10)
        done.append(1)

    def leave():
        begun.wait(10)
        raise Elsewhere

    with pytest.raises(Elsewhere):
        waited_for(slow, leave)
    assert not done
    go_on.set()
    assert waited_for(lambda: len(done), lambda: None) == 1


def test_what_is_left_before_its_turn_is_not_done():
    class Elsewhere(BaseException):
        """As Streamlit leaves a run."""

    begun, go_on, done = Event(), Event(), []

    def slow():
        begun.set()
        go_on.wait(10)

    def leave():
        raise Elsewhere

    first = Thread(target=waited_for, args=(slow, lambda: None))
    first.start()
    begun.wait(10)
    with pytest.raises(Elsewhere):
        waited_for(lambda: done.append(1), leave)
    go_on.set()
    first.join()
    waited_for(lambda: None, lambda: None)
    assert not done


def test_a_stopped_work_ends_at_its_next_sign_of_progress():
    class Elsewhere(BaseException):
        """As Streamlit leaves a run."""

    signs, begun = [], Event()

    @stoppable(2, "Working")
    def endless(progress):
        while len(signs) < 1000:
            progress(0.5)
            signs.append(1)
            begun.set()
            Event().wait(0.01)

    bar = patch("streamlit.delta_generator.DeltaGenerator.progress", side_effect=[MagicMock(), Elsewhere])
    with bar, pytest.raises(Elsewhere):
        endless()
    waited_for(lambda: None, lambda: None)  # the worker is free again
    assert begun.is_set() and len(signs) < 100


def test_long_work_of_two_sessions_is_done_in_turn():
    at_work, most = [], []

    def busy(x):
        at_work.append(x)
        most.append(len(at_work))
        Event().wait(0.05)
        at_work.remove(x)
        return x

    @long(9, "Working …")
    def quiet(x):
        return busy(x)

    @stoppable(9, "Working")
    def shown(x, progress):
        return busy(x)

    sessions = [Thread(target=work, args=(x,)) for x in range(4) for work in (quiet, shown)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()
    assert most == [1] * len(sessions)


WAITS = """
import streamlit as st
from pages.ui.cache.long_work import Waits
waits = Waits(("work", 1))
for _ in range(st.session_state.get("signs", 0)):
    waits.go_on()
"""


@pytest.mark.parametrize(("signs", "buttons"), [(0, []), (MOMENT - 1, []), (MOMENT, ["Stop"]), (9 * MOMENT, ["Stop"])])
def test_whoever_waits_for_longer_than_a_moment_can_stop(signs, buttons):
    app = AppTest.from_string(WAITS)
    app.session_state["signs"] = signs
    app.run()
    assert not app.exception and [button.label for button in app.button] == buttons
    if buttons:
        app.button[0].click().run()
        assert app.session_state[STOPPED] == ("work", 1)


def test_work_that_was_stopped_ends_the_page_until_it_is_started_again():
    app = AppTest.from_string("""
import streamlit as st
from pages.ui.cache.long_work import long
st.write(f"found {long(1, 'Working …')(lambda x: x * x)(3)}")
""")
    app.session_state[STOPPED] = ("<lambda>", 3)
    app.run()
    assert [caption.value for caption in app.caption] == ["Stopped."] and not app.markdown
    app.button[0].click().run()
    assert not app.exception and [text.value for text in app.markdown] == ["found 9"]
