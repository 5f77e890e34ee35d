"""Fixtures of the tests of pages, which Streamlit's own harness opens in this process."""

from __future__ import annotations

from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from pages.ui.frame import faults, shell


@pytest.fixture(autouse=True, scope="session")
def scanned_once():
    """Every session of the harness reads what all installed packages say of themselves, in search of components.

    That costs twice as much as to open a page, and they stay the same: it is done once.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def unexplained(request, monkeypatch):
    """Leave exceptions to Streamlit, where they stand in `app.exception`, except where it is their explanation that is
    tested."""
    if "explained" not in request.keywords:
        monkeypatch.setattr(faults, "explained", lambda script: False)


@pytest.fixture(autouse=True)
def nobody_paints(monkeypatch):
    """No browser looks at these pages, so none is given time to paint."""
    monkeypatch.setattr(shell, "MOMENT", 0.0)
