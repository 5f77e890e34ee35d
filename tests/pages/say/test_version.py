"""The version at the foot of every page; its commit is told in a clone, a work tree and an archive, or left out."""

from __future__ import annotations

import shutil
import subprocess

import pytest

import kl_engine
from pages.ui.say import version

HASH = "0123456789abcdef0123456789abcdef01234567"


def test_the_number_is_the_engines():
    assert version.number() == kl_engine.__version__
    assert version.version().startswith(kl_engine.__version__)
    assert version.signature() == f"KL Lab {version.version()}"
    assert set(version.file_mark()) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-_")


def test_without_git_there_is_no_commit(tmp_path):
    assert version.commit(tmp_path) == ""


def written(folder, **files: str):
    """The folder with these files: `__` parts folders."""
    for name, text in files.items():
        place = folder.joinpath(*name.split("__"))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder


@pytest.mark.parametrize(
    "files",
    [
        {"HEAD": f"{HASH}\n"},
        {"HEAD": "ref: refs/heads/main\n", "refs__heads__main": f"{HASH}\n"},
        {
            "HEAD": "ref: refs/heads/a/b\n",
            "packed-refs": f"# pack-refs\n{'f' * 40} refs/heads/b\n{HASH} refs/heads/a/b\n",
        },
    ],
)
def test_a_clone_tells_its_commit(tmp_path, files):
    written(tmp_path / ".git", **files)
    assert version.commit(tmp_path) == "0123456"


def test_a_work_tree_tells_its_own(tmp_path):
    written(tmp_path / "main" / ".git", HEAD="ref: refs/heads/main\n", refs__heads__side=HASH)
    written(tmp_path / "main" / ".git" / "worktrees" / "side", HEAD="ref: refs/heads/side\n", commondir="../..\n")
    written(tmp_path / "side", **{".git": f"gitdir: {tmp_path / 'main' / '.git' / 'worktrees' / 'side'}\n"})
    assert version.commit(tmp_path / "side") == "0123456"


@pytest.mark.parametrize("files", [{"HEAD": "ref: refs/heads/main\n"}, {"HEAD": "<script>"}, {"config": ""}])
def test_a_broken_clone_tells_none(tmp_path, files):
    written(tmp_path / ".git", **files)
    assert version.commit(tmp_path) == ""


def test_an_archive_tells_the_commit_that_git_wrote_into_it(tmp_path):
    assert version.commit(tmp_path, "89abcdef0") == "89abcde"
    assert version.commit(tmp_path, version.ARCHIVED) == version.commit(tmp_path) == ""


@pytest.mark.skipif(shutil.which("git") is None or not (version.ROOT / ".git").exists(), reason="no clone")
def test_it_is_what_git_says():
    said = subprocess.run(["git", "rev-parse", "HEAD"], cwd=version.ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.startswith(version.commit(version.ROOT)) and version.commit(version.ROOT)
