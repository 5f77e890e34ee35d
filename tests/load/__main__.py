"""Fifty visitors at once, beside a bare Streamlit page under the same load, in one run.

    python -m tests.load [sessions] [seconds]

The sessions speak Streamlit's websocket protocol: each opens pages at random and moves their controls at random, with
pauses as a person makes them. Meanwhile two real browsers move one slider each and wait until the curve is painted.
Then the same sessions do the same to a bare page, on a server of its own. Rounds alternate. Loopback only.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.bench.app import BARE, open_page, slider_times
from tests.bench.table import Row, show
from tests.load.client import names, open_session, quantile
from tests.serving import CHROMIUM_FLAGS, chromium, serve

PAUSE = (1.0, 5.0)  # s between two moves of one person
STAY = 8  # moves on one page, on average
ROUNDS = 3


@dataclass
class Crowd:
    """The sessions on one server: their moves, how long each took the server, and every fault."""

    address: str
    pages: list[str]
    sessions: int
    waits: dict[bool, list[float]] = field(default_factory=lambda: {False: [], True: []})  # by whether it was long work
    signs: list[float] = field(default_factory=list)  # s to the first sign of long work
    faults: list[str] = field(default_factory=list)
    lost: int = 0
    memory: list[float] = field(default_factory=list)  # MB, once a second

    def run(self, seconds: float) -> threading.Thread:
        """Start the crowd; it goes home by itself."""
        thread = threading.Thread(target=lambda: asyncio.run(self._all(seconds)))
        thread.start()
        return thread

    async def _all(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        people = [self._person(random.Random(i), end) for i in range(self.sessions)]
        await asyncio.gather(self._watch(end), *people)

    async def _person(self, rng: random.Random, end: float) -> None:
        await asyncio.sleep(rng.uniform(0, PAUSE[1]))
        try:
            async with open_session(self.address) as session:
                await session.visit(rng.choice(self.pages))
                while time.monotonic() < end:
                    begun = time.monotonic()
                    if rng.random() < 1 / STAY or not session.controls:
                        await session.visit(rng.choice(self.pages))
                    else:
                        await session.move(rng)
                    self.waits[session.waited].append(time.monotonic() - begun)
                    self.signs += [session.sign] if session.waited else []
                    await asyncio.sleep(rng.uniform(*PAUSE))
                self.faults += session.faults
        except OSError as fault:
            self.lost += 1
            self.faults.append(repr(fault))

    async def _watch(self, end: float) -> None:
        while time.monotonic() < end:
            self.memory.append(resident(self.address.pid))
            await asyncio.sleep(1)


def resident(pid: int) -> float:
    """The resident memory of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def paint_under_load(browser: Browser, crowd: Crowd, seconds: float) -> list[float]:
    """The times from key to paint, in seconds, while the crowd is there."""
    thread = crowd.run(seconds)
    time.sleep(PAUSE[1])  # until all have come
    pages = [open_page(browser, crowd.address) for _ in range(2)]
    end, times = time.monotonic() + seconds - 3 * PAUSE[1], []
    while time.monotonic() < end:
        key = "ArrowRight" if len(times) % 8 < 4 else "ArrowLeft"
        times += [slider_times(page, key)[0] / 1000 for page in pages]
    for page in pages:
        page.context.close()
    thread.join()
    return times


def main(sessions: int = 50, seconds: float = 180) -> None:
    """Run the rounds and print the table."""
    times: dict[str, list[float]] = {"app": [], "bare": []}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "bare.py"
        script.write_text(BARE, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        with serve() as app, serve(script) as bare:
            crowds = {"app": Crowd(app, list(names()), sessions), "bare": Crowd(bare, [""], sessions)}
            for _ in range(ROUNDS):
                for name, crowd in crowds.items():
                    times[name] += paint_under_load(browser, crowd, seconds / ROUNDS)
            report(sessions, crowds, times)


def report(sessions: int, crowds: dict[str, Crowd], times: dict[str, list[float]]) -> None:
    """The table, how long what says that it takes its time took, and every fault by its name."""
    crowd = crowds["app"]
    ours, theirs = (quantile(each.waits[False], 0.95) for each in crowds.values())
    late = crowd.memory[len(crowd.memory) // 2 :]
    rows = [
        Row(f"key to paint under {sessions} sessions, p{round(100 * share)} / bare", ratio, (0, 1.5), remark)
        for share in (0.5, 0.95)
        for app, bare in [(quantile(times["app"], share), quantile(times["bare"], share))]
        for ratio, remark in [(app / bare, f"{1000 * app:.0f} ms / {1000 * bare:.0f} ms, {len(times['app'])} moves")]
    ]
    rows += [
        Row("exceptions", len(crowd.faults), (0, 0)),
        Row("sessions lost", crowd.lost, (0, 0)),
        Row("resident memory at its most, MB", max(crowd.memory), (0, 350)),
        Row("memory at the end / half way", late[-1] / late[0], (0, 1.1), f"{late[0]:.0f} MB half way"),
        Row("server's answer, p95, s", quantile(sum(crowd.waits.values(), []), 0.95), (0, 2)),
        Row(
            "first sign of long work, p95, s", quantile(crowd.signs or [0.0], 0.95), (0, 2), f"{len(crowd.signs)} times"
        ),
        Row("server's answer without long work, p95 / bare", ours / theirs, (0, 1.5), f"{ours:.1f} s / {theirs:.1f} s"),
    ]
    show("Load", rows)
    if long := crowd.waits[True]:
        half, most = quantile(long, 0.5), quantile(long, 0.95)
        print(f"\n{len(long)} answers said that they take time: half within {half:.1f} s, 95 % within {most:.1f} s.")
    for fault in dict.fromkeys(crowd.faults):
        print(f"fault: {fault}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
