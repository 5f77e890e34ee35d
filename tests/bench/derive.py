"""The derivations: building and verifying them all, and their pages beside the home page and a bare one.

    python -m tests.bench.derive [pairs]

First views are those of fresh servers: SymPy's import and the proofs are in them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.bench.app import BARE, LINE, NUMBER, arrival, interleaved, median, open_page, slider_times
from tests.bench.table import Row, show
from tests.serving import CHROMIUM_FLAGS, ROOT, chromium, serve

KEYS = ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft")
ALL = """
import time
begun = time.perf_counter()
from kl_engine.symbolic import DERIVATIONS
proofs = [derivation.verify() for derivation in DERIVATIONS.values()]
assert all(proof.ok for proof in proofs)
print(time.perf_counter() - begun, float(max(proof.residual for proof in proofs)))
print(len(proofs), sum(len(proof.checks) for proof in proofs))
"""


def measure_proofs() -> list[Row]:
    """Everything built and verified in one fresh process."""
    run = subprocess.run([sys.executable, "-c", ALL], cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, residual, derivations, steps = map(float, run.stdout.split())
    return [
        Row("all derivations built and verified, s", seconds, (0, 15), f"{derivations:.0f}, {steps:.0f} steps"),
        Row("largest numeric residual at 50 digits", residual, (0, 1e-40)),
    ]


def first_view(browser: Browser, path: str, mark: tuple[str, str]) -> tuple[float]:
    """Seconds from opening an address of a fresh server to its first chart."""
    with serve() as address:
        begun = time.time()
        return (arrival(browser, f"{address}/{path}", mark) - begun,)


def measure_views(browser: Browser, bare_script: Path, pairs: int) -> list[Row]:
    """First views against the home page, later ones against a bare page."""
    rows = []
    for path in ("closed_forms", "stationarity"):
        marks = ("", NUMBER), (path, (LINE, ""))
        sides = [lambda i, path=p, mark=m: first_view(browser, path, mark) for p, m in marks]
        home, ours = interleaved(max(3, pairs // 5), *sides)
        rows.append(Row(f"first view of {path} less home's, s", median(ours) - median(home), (-10, 1.5)))
    with serve() as app, serve(bare_script) as bare:
        names = {"closed_forms": "$μ_{q}$", "stationarity": "Mode separation"}
        for path, name in names.items():
            pages = [(open_page(browser, f"{app}/{path}"), name), (open_page(browser, bare), "Mode separation")]
            for page, slider in pages * 3:
                slider_times(page, "ArrowRight", slider)
            moves = [lambda i, p=p, s=s: slider_times(p, KEYS[i % 4], s) for p, s in pages]
            ours, plain = interleaved(pairs, *moves)
            rows.append(Row(f"slider of {path}: key to paint / bare", median(ours) / median(plain), (0, 1.4)))
            rows.append(Row("  message to paint / bare", median(ours, 1) / median(plain, 1), (0, 1.4)))
    return rows


def main() -> None:
    """Print the table."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    rows = measure_proofs()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bare_script = Path(folder) / "bare.py"
        bare_script.write_text(BARE, "utf-8")
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        rows += measure_views(browser, bare_script, pairs)
        browser.close()
    show(f"Derivations ({pairs} interleaved pairs, medians)", rows)


if __name__ == "__main__":
    main()
