"""Take the pictures of docs/pages.md from the published pages of the demo, with Chromium."""

import base64
import shutil
import sys
from pathlib import Path

from selenium import webdriver

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
DESK, PHONE = (1180, 820), (390, 760)
PAGES = {
    "start": ("index", DESK),
    "target": ("target-T5", DESK),
    "body": ("body-UBND-740", DESK),
    "period": ("period-2020-Q2", DESK),
    "refused": ("submission-100", DESK),
    "trend": ("trend", DESK),
    "checks": ("checks", DESK),
    "start-phone": ("index", PHONE),
    "body-phone": ("body-UBND-740", PHONE),
    "target-phone": ("target-T5", PHONE),
}


def main() -> None:
    """Write the pictures of the pages in the folder that is named."""
    site = Path(sys.argv[1]).absolute()
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    for name, (page, size) in PAGES.items():
        _take(browser, (site / f"{page}.html").as_uri(), size, PICTURES / f"{name}.webp")
    browser.quit()


def _take(browser: webdriver.Chrome, address: str, size: tuple[int, int], picture: Path) -> None:
    width, height = size
    light = {"features": [{"name": "prefers-color-scheme", "value": "light"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", light)
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(address)
    taken = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "webp", "quality": 70})
    picture.write_bytes(base64.b64decode(taken["data"]))


if __name__ == "__main__":
    main()
