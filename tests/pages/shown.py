"""Everything that a page shows of its answer: texts, the data of pictures and tables, and nothing of its controls."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from streamlit.testing.v1 import AppTest

from tests.pages.opening import words
from tests.pages.reading import numbers

OF_THE_VISIT = ("opening", "seq")  # what a stage is told of how the page was opened and what it sent, not of the state
TEXTS = ("title", "header", "subheader", "markdown", "caption", "latex", "code", "error", "warning", "info", "success")


def shown(app: AppTest) -> list[tuple[str, object]]:
    """What is shown, in order: comparable with what another session shows."""
    return [part for element in app._tree for part in _parts(element)]


def _parts(element) -> Iterator[tuple[str, object]]:
    proto, kind = getattr(element, "proto", None), element.type
    if kind in TEXTS:
        yield kind, element.value
    elif kind == "expander":
        yield kind, element.label
    elif kind == "bidi_component" and proto.json:
        told = json.loads(proto.json)
        yield kind, {key: value for key, value in told.items() if key not in OF_THE_VISIT}
    elif kind == "vega_lite_chart":
        yield kind, proto.spec
        for dataset in proto.datasets:
            yield f"data {dataset.name}", dataset.data.data
    elif kind == "dataframe" and not proto.editing_mode:
        yield kind, proto.arrow_data.data if proto.HasField("arrow_data") else proto.data
    elif kind == "download_button":
        yield kind, proto.label


def figures(app: AppTest) -> np.ndarray:
    """Every number that is shown: of the texts as they are written, of pictures and tables as they hold it."""
    found = numbers(words(app))
    for kind, part in shown(app):
        if isinstance(part, bytes):
            table = pa.ipc.open_stream(part).read_all()
            for column in table.columns:
                if pa.types.is_floating(column.type):
                    found += column.to_pylist()
                elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                    found += numbers(" ".join(filter(None, column.to_pylist())))
        elif kind == "bidi_component":
            found += numbers(json.dumps(part))
    return np.array([number for number in found if number is not None], dtype=float)


def code(app: AppTest) -> str:
    """The Python that the page hands out, without the line that says its version; empty where it hands out none."""
    texts = [element.value for element in app.code if element.language == "python"]
    return texts[0].split("\n", 1)[1].strip() if texts else ""


def answer(app: AppTest) -> list[tuple[str, object]]:
    """What is shown, without the Python: the numbers, words and pictures."""
    return [part for part in shown(app) if part[0] != "code"]
