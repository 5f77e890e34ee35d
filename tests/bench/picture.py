"""The moving picture of the README: home, while its two modes part and come together again.

    python -m tests.bench.picture

Writes `.github/two-directions.webp` from the app as it stands; needs a Chromium.
"""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.stage import SCRIPT, TRAFFIC, Traffic, settle
from tests.serving import CHROMIUM_FLAGS, ROOT, chromium, serve

PICTURE = ROOT / ".github/two-directions.webp"
SEPARATIONS = [3 + 0.25 * step for step in range(23)]  # 3 to 8.5; the reverse fit lets go of the middle on the way
WIDTH, HEIGHT = 1140, 800  # px of the window
PAUSE, STEP = 900, 70  # ms that the ends, and each step between them, stand


def shown(page: Page, separation: float) -> Image.Image:
    """The stage with the modes so far apart, as the browser draws it while the slider is held."""
    slider = page.get_by_role("slider", name="Separation of the modes")
    slider.evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', {bubbles: true})); }",
        f"{separation:g}",
    )
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return Image.open(io.BytesIO(page.locator(".st-key-fits_place svg").first.screenshot())).convert("RGB")


def main() -> None:
    """Open the app, draw every frame, write the picture."""
    with serve() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", reduced_motion="reduce"
        )
        context.add_init_script(SCRIPT)
        page = context.new_page()
        TRAFFIC[page] = Traffic(page)
        page.goto(f"{address}/?separation={SEPARATIONS[0]:g}")
        settle(page)
        frames = [shown(page, separation) for separation in SEPARATIONS]
        browser.close()
    there_and_back = [*frames, *frames[-2:0:-1]]
    pauses = [PAUSE if frame in (frames[0], frames[-1]) else STEP for frame in there_and_back]
    there_and_back[0].save(
        PICTURE, save_all=True, append_images=there_and_back[1:], duration=pauses, loop=0, quality=45, method=6
    )
    print(f"{PICTURE.relative_to(ROOT)}: {len(there_and_back)} frames, {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
