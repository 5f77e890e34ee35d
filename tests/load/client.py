"""A client that speaks Streamlit's own websocket protocol: it opens a page, reads its controls and moves them."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect

from pages.ui.frame.faults import WORDS

LARGEST_MESSAGE = 2**26
FINISHED = {0: "finished", 1: "refused: the script does not compile", 2: "fragment finished"}


@dataclass
class Control:
    """A widget as the server described it, and the fragment that it lives in."""

    kind: str
    proto: object
    fragment: str

    def moved(self, rng: random.Random) -> WidgetState:
        """Its state after a person has moved it at random."""
        state = WidgetState(id=self.proto.id)
        if self.kind == "slider" and self.proto.options:  # one of named values, which a browser sends by its name
            state.string_array_value.data.append(rng.choice(list(self.proto.options)))
        elif self.kind == "slider":
            steps = round((self.proto.max - self.proto.min) / self.proto.step)
            state.double_array_value.data.append(self.proto.min + rng.randint(0, steps) * self.proto.step)
        elif self.kind == "checkbox":
            state.bool_value = rng.random() < 0.5
        elif self.kind == "selectbox":
            state.string_value = rng.choice(list(self.proto.options))
        elif self.kind == "button_group":
            state.string_array_value.data.append(rng.choice([option.content for option in self.proto.options]))
        else:
            state.trigger_value = True
        return state


SAYS_WAIT = ("spinner", "progress")
MOVABLE = ("slider", "checkbox", "selectbox", "button_group", "button")


@dataclass
class Session:
    """One visitor: what the page has, what was set, and every fault that was seen."""

    socket: object
    controls: dict[str, Control] = field(default_factory=dict)
    states: dict[str, WidgetState] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    script: str = ""
    query: str = ""
    elements: int = 0
    waited: bool = False  # whether the last answer said that it takes its time
    sign: float = 0.0  # s until it said so

    async def visit(self, page: str, **query: str) -> None:
        """Open a page by its address and wait until it has run."""
        self.controls, self.states, self.query = {}, {}, urlencode(query)
        await self._run(page_name=page)

    async def move(self, rng: random.Random) -> None:
        """Move one control at random and wait for the page."""
        control = rng.choice(list(self.controls.values()))
        state = control.moved(rng)
        states = {**self.states, state.id: state}
        if control.kind != "button":
            self.states = states
        await self._run(states, fragment=control.fragment)

    async def _run(self, states: dict[str, WidgetState] | None = None, fragment: str = "", page_name: str = "") -> None:
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_name, run.fragment_id = self.query, page_name, fragment
        run.page_script_hash = "" if page_name else self.script
        run.widget_states.widgets.extend((states or {}).values())
        await self.socket.send(message.SerializeToString())
        fresh: dict[str, Control] = {}
        self.waited, asked = False, time.monotonic()
        while True:
            answer = ForwardMsg.FromString(await self.socket.recv())
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                self.script = answer.new_session.page_script_hash or self.script
            elif kind == "navigation":  # which page the server took, after its folder of pages was read
                self.script = answer.navigation.page_script_hash or self.script
            elif kind == "page_info_changed":
                self.query = answer.page_info_changed.query_string
            elif kind == "page_not_found":
                self.faults.append(f"page not found: {answer.page_not_found.page_name}")
            elif kind == "delta":
                waited = self.waited
                self._read(answer.delta, fresh)
                if self.waited and not waited:
                    self.sign = time.monotonic() - asked
            elif kind == "script_finished":
                break
        if not fragment:
            self.controls = fresh
        else:
            self.controls.update(fresh)

    def _read(self, delta: object, fresh: dict[str, Control]) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        self.elements += 1
        kind = delta.new_element.WhichOneof("type")
        self.waited |= kind in SAYS_WAIT
        if kind == "exception":
            fault = delta.new_element.exception
            self.faults.append(f"{fault.type}: {fault.message}")
        elif kind == "alert" and delta.new_element.alert.body.startswith(WORDS):
            self.faults.append(f"{self.script}?{self.query}: {WORDS}")
        elif kind in MOVABLE:
            proto = getattr(delta.new_element, kind)
            if not proto.disabled:
                fresh[proto.id] = Control(kind, proto, delta.fragment_id)


class open_session:
    """A connection to the server at `address` (http://host:port), closed at the end."""

    def __init__(self, address: str) -> None:
        url = address.replace("http", "ws", 1) + "/_stcore/stream"
        self.connection = connect(url, subprotocols=["streamlit"], max_size=LARGEST_MESSAGE)

    async def __aenter__(self) -> Session:
        return Session(await self.connection.__aenter__())

    async def __aexit__(self, *exception: object) -> None:
        await self.connection.__aexit__(*exception)


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def names() -> Iterator[str]:
    """The addresses of the app's pages."""
    from pages.ui.frame.shell import PAGES

    for page in PAGES:
        yield "" if page.script == "app.py" else page.script.removeprefix("pages/").removesuffix(".py")


async def _try(address: str) -> None:
    """What a smoke run prints: for each page, its controls, elements and faults after a few moves."""
    rng = random.Random(1)
    for name in names():
        async with open_session(address) as session:
            await session.visit(name)
            for _ in range(5):
                if session.controls:
                    await session.move(rng)
            print(name or "home", len(session.controls), session.elements, session.faults)


if __name__ == "__main__":
    import sys

    asyncio.run(_try(sys.argv[1]))
