"""What is taken away says which version wrote it, and what reads its kind still reads it."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from pages.ui.frame.shell import PAGES
from pages.ui.say import exports
from pages.ui.say.version import file_mark, signature
from tests.pages.opening import visit

TABLE = pd.DataFrame({"x": [1.0, 2.5]})


@pytest.fixture
def saved(monkeypatch):
    """The files of the buttons that are drawn: content by name."""
    files = {}

    def button(label, content, file, mime, **_):
        files[file] = content() if callable(content) else content

    monkeypatch.setattr(exports.st, "download_button", button)
    return files


def test_a_text_names_its_version_in_a_comment_of_its_kind(saved):
    exports.draw_exports("forms", {"LaTeX": "x", "Markdown": "# x\n", "Python": ""})
    assert set(saved) == {"forms.tex", "forms.md"}
    exports.draw_exports("forms", {"Python": "print(1)\n"})
    assert saved["forms.tex"] == f"% {signature()}\nx"
    assert saved["forms.md"].startswith(f"<!-- {signature()} -->\n\n# x")
    exec(compile(saved["forms.py"], "<file>", "exec"), {})
    assert saved["forms.py"].splitlines()[0] == f"# {signature()}"


def test_a_table_names_it_in_its_file_and_is_read_as_it_was(saved):
    exports.draw_tables({"both maps": lambda: TABLE}, {"answer": "It is so."})
    assert set(saved) == {f"both_maps.{file_mark()}.csv", "answer.txt"}
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(saved[f"both_maps.{file_mark()}.csv"])), TABLE)
    assert saved["answer.txt"] == f"It is so.\n{signature()}\n"


@pytest.mark.parametrize("script", [page.script for page in PAGES])
def test_every_page_says_its_version_at_its_foot_and_in_what_is_copied_from_it(script):
    app = visit(script)
    assert app.sidebar.caption[-1].value == signature()
    copied = [block for block in app.code if block.language in ("python", "latex")]
    assert [block.value.splitlines()[0] for block in copied] == [
        exports.COMMENTS[{"python": "Python", "latex": "LaTeX"}[block.language]].format(signature()).strip()
        for block in copied
    ]
