"""A visit to a page: opened by its link in a session of its own, read, its buttons pressed."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from tests.serving import ROOT

SECONDS = 120  # that one run may take


def visit(script: str, **query: object) -> AppTest:
    """The page, run once with this query in its address."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS).switch_page(script)
    for key, value in query.items():
        app.query_params[key] = str(value)
    return app.run()


def words(app: AppTest) -> str:
    """All text of the page as it is read: links without their addresses, signs without the escapes of Markdown."""
    texts = (element.value for kind in ("markdown", "caption", "error", "warning") for element in app.get(kind))
    linked = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", "\n".join(texts))
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", linked)


def control(app: AppTest, key: str):
    """The slider or the number field of a key."""
    return next(element for element in (*app.slider, *app.number_input) if element.key == key)


def press(app: AppTest, label: str) -> AppTest:
    """The page after a click on a button, or on the pill of a preset."""
    presets = next((row for row in app.button_group if row.key == "preset" and label in row.options), None)
    if presets is not None:
        return presets.set_value(label).run()
    return next(button for button in app.button if button.label == label).click().run()
