"""Which KL Lab this is: its version and, where that can be told, the commit. Read once, and without running git."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
ARCHIVED = "$Format:%h$"  # git puts the commit here when it packs an archive (see .gitattributes)
HASH = re.compile(r"[0-9a-f]{7,64}")
SHORT = 7  # digits of a commit that are shown
VERSION = re.compile(r'^__version__ = "([\w.]+)"$', re.MULTILINE)


@cache
def version() -> str:
    """`1.0.0`, or `1.0.0 (0123abc)` where the commit is known."""
    found = commit(ROOT)
    return f"{number()} ({found})" if found else number()


def signature() -> str:
    """What stands in whatever a person takes away: `KL Lab 1.0.0 (0123abc)`."""
    return f"KL Lab {version()}"


def file_mark() -> str:
    """The same as part of a file's name: `kl-lab-1.0.0-0123abc`."""
    return re.sub(r"[^\w.]+", "-", signature().lower()).strip("-")


@cache
def number() -> str:
    """The version as the engine states it: read as text, as a page's frame is drawn before the engine is imported."""
    return VERSION.search((ROOT / "kl_engine" / "__init__.py").read_text("utf-8"))[1]


def commit(root: Path, archived: str = ARCHIVED) -> str:
    """The commit of the files under `root`, shortened: of an archive or of a clone; empty where it cannot be told."""
    if HASH.fullmatch(archived):
        return archived[:SHORT]
    try:
        found = _checked_out(_repository(root / ".git"))
    except OSError:  # no clone, or one that this process may not read
        return ""
    return found[:SHORT] if HASH.fullmatch(found) else ""


def _repository(entry: Path) -> Path:
    """The folder that `.git` is or, in a work tree beside its repository, names."""
    if entry.is_dir():
        return entry
    return (entry.parent / entry.read_text("utf-8").removeprefix("gitdir:").strip()).resolve()


def _checked_out(repository: Path) -> str:
    """What HEAD is: a commit, or a branch whose commit is in a file of its own or in the list of packed ones."""
    head = (repository / "HEAD").read_text("utf-8").strip()
    if not head.startswith("ref:"):
        return head
    branch, shared = head.removeprefix("ref:").strip(), repository / "commondir"
    common = (repository / shared.read_text("utf-8").strip()).resolve() if shared.exists() else repository
    for place in (repository / branch, common / branch):
        if place.exists():
            return place.read_text("utf-8").strip()
    for line in (common / "packed-refs").read_text("utf-8").splitlines():
        if line.endswith(f" {branch}"):
            return line.split()[0]
    return ""
