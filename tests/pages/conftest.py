"""In these tests an exception is not explained to anybody: it stands in `app.exception`, where they look for it."""

from __future__ import annotations

import pytest

from pages.ui.frame import faults


@pytest.fixture(autouse=True)
def unexplained(request, monkeypatch):
    """Leave exceptions to Streamlit, except where it is their explanation that is tested."""
    if "explained" not in request.keywords:
        monkeypatch.setattr(faults, "explained", lambda script: False)
