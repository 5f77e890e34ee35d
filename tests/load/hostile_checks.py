"""What must hold of every page after every input: it stands, said what it did not use, and made no markup of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from streamlit.testing.v1 import AppTest

from tests.load.hostile_texts import MARK

CODE = re.compile(r"(`+)(?:.|\n)*?\1")
ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
OWN_HEADING = r"(?:It minimises|Maximising it minimises) "  # it names what was read, such as D(a‖b)
MARKUP = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"<[^>\n]*{MARK}",
        rf"\]\([^)\n]*{MARK}",
        rf"\]:\s*\S*{MARK}",
        rf"(?:https?://|www\.)\S*{MARK}",
        rf":[a-z-]+\[[^\]\n]*{MARK}",
        rf"\\(?:href|url|includegraphics|html\w+)\b[^\n]*{MARK}",
        rf"^#+ (?!{OWN_HEADING}).*{MARK}",
    )
]
ADDRESS = re.compile(rf'"(?:url|href)"\s*:\s*"[^"]*{MARK}')
SAID = ("warning", "error", "info", "caption")


def unstable(app: AppTest, title: str) -> list[str]:
    """Whether the page does not stand."""
    found = [f"exception: {element.message}" for element in app.exception]
    if [element.value for element in app.title] != [title]:
        found.append(f"the title is {[element.value for element in app.title]}")
    return found


def injected(app: AppTest) -> list[str]:
    """Where input has become markup, an address, or code that does not parse."""
    found = []
    for kind, text, raw in texts(app):
        if raw and MARK in text:
            found.append(f"{kind} holds input as HTML: {text[:200]!r}")
        bare = ESCAPED.sub("", CODE.sub("", text))
        found += [f"{kind} renders input: {text[:200]!r}" for pattern in MARKUP if pattern.search(bare)][:1]
    for element in app.get("vega_lite_chart"):
        if ADDRESS.search(element.proto.spec):
            found.append("a chart holds an address of the input")
    for element in app.code:
        if element.language == "python":
            try:
                ast.parse(element.value)
            except (SyntaxError, ValueError) as fault:
                found.append(f"the Python to take away does not parse: {fault}")
    return found


def texts(app: AppTest) -> Iterator[tuple[str, str, bool]]:
    """Every text of the page that is rendered as Markdown or HTML: what it is, the text, whether HTML passes."""
    for element in app._tree:
        proto = getattr(element, "proto", None)
        if proto is None or element.type in ("code", "vega_lite_chart", "arrow_data_frame", "page_link"):
            continue
        raw = element.type == "html" or bool(getattr(proto, "allow_html", False))
        for name in ("body", "label", "help"):
            text = getattr(proto, name, "")
            if isinstance(text, str) and text:
                yield f"{element.type}.{name}", text, raw
        if element.type == "button_group":
            for option in proto.options:
                yield "option", option.content, False


def unsaid(
    app: AppTest, asked: dict[str, list[str]], usual: dict[str, str], ranges: dict[str, tuple[float, float, float]]
) -> list[str]:
    """The parameters of which the value was not used, and nothing on the page says so by their name.

    `ranges` gives of each that is a number its low end, its high end and its step.
    """
    said = " ".join(element.value for kind in SAID for element in app.get(kind))
    return [
        f"{key}={values[-1][:60]!r} was not used, and nothing says so"
        for key, values in asked.items()
        if not _used(app, key, values[-1], usual.get(key), ranges.get(key))
        and not re.search(rf"\b{re.escape(key)}\b", said)
    ]


def _used(app: AppTest, key: str, text: str, usual: str | None, limits: tuple[float, float, float] | None) -> bool:
    """Whether the page shows what was asked: in its address, or under its key, or in a form of its own."""
    kept = app.query_params.get(key)
    kept = kept[-1] if isinstance(kept, list) else kept
    value = app.session_state.get(key, None)
    if limits is not None and isinstance(value, (int, float)):
        return _is_shown(value, text, *limits)
    if kept == text or value == text:
        return True
    return str(value).lower() == text if isinstance(value, bool) else kept is not None and kept != usual


def _is_shown(value: float, text: str, low: float, high: float, step: float) -> bool:
    """Whether a control that shows `value` shows what was asked: off the steps it may be, out of the range not."""
    try:
        number = float(text)
    except ValueError:
        return False
    return low <= number <= high and abs(number - value) <= step
