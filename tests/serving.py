"""A Streamlit server and a Chromium, for the tests in a browser and for the benchmark of the app."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """The path of a Chromium on this machine."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


class Address(str):
    """Where a server is, without a slash at the end, and the process that it is."""

    pid: int


@contextmanager
def serve(script: Path = ROOT / "app.py", port: int = 0, log: Path | None = None) -> Iterator[Address]:
    """A fresh server of a Streamlit script, at a port that is free unless one is given; what it logs goes to `log`."""
    port = port or _free_port()
    options = {"server.headless": "true", "server.port": port, "server.address": "127.0.0.1"}
    options |= {"server.fileWatcherType": "none", "browser.gatherUsageStats": "false"}
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += [part for name, value in options.items() for part in (f"--{name}", str(value))]
    with open(log or os.devnull, "ab") as told:
        process = subprocess.Popen(command, cwd=script.parent, stdout=subprocess.DEVNULL, stderr=told)
    address = Address(f"http://127.0.0.1:{port}")
    address.pid = process.pid
    try:
        _await_health(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await_health(address: str, process: subprocess.Popen, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the Streamlit server stopped with exit code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"the Streamlit server did not answer within {seconds:g} s")


def in_ci() -> bool:
    """Whether this run is one of continuous integration, where no browser test may be left out."""
    return bool(os.environ.get("CI"))
