"""Long work: what it finishes is kept, what is stopped half-way is not."""

from threading import Event, Thread

import pytest

from pages.ui.cache.kept import kept
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


def test_long_work_of_two_sessions_is_done_in_turn():
    at_work, most = [], []

    def busy(x):
        at_work.append(x)
        most.append(len(at_work))
        Event().wait(0.05)
        at_work.remove(x)
        return x

    @kept(9, "Working …")
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
