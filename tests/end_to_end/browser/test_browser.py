"""The published pages in a real browser: opened from a folder, at desktop and phone width, and in print."""

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from services.context import AppContext
from services.ingest import ingest
from services.publish import publish_to
from services.settings import Settings
from tests.support.paths import SAMPLE
from tests.support.pipeline import NOW, PLAN
from tests.support.pipeline import work as pipeline_work
from tests.support.postgres import shared_database
from tests.support.reports import default_rows, workbook

pytestmark = pytest.mark.long

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
DRIVER = shutil.which("chromedriver")
HOSTILE = "<script>document.title='hacked'</script><img src=x onerror=document.title='hacked'>"
SHAPES = {"desktop": (1280, 900), "phone": (375, 800)}

pytestmark = pytest.mark.skipif(DRIVER is None, reason="Debian's chromium-driver is not there")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(SAMPLE / "drive", folder / "drive")
    rows = default_rows("02-PCMD")
    rows[0]["closing"] = HOSTILE
    (folder / "drive" / "UBND-742").mkdir(exist_ok=True)
    hostile = workbook("02-PCMD", "UBND-742", "Tháng 1 năm 2020", rows)
    (folder / "drive" / "UBND-742" / "<img src=x onerror=alert(1)>.xlsx").write_bytes(hostile)
    with shared_database() as url:
        way = pipeline_work(url, folder)
        ingest(way, [str(folder / "drive")])
        settings = Settings(home=folder, database_url=url, sources=())
        publish_to(AppContext(settings, PLAN, NOW, way.engine), folder / "published")
        way.engine.dispose()
    return folder / "published"


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


def pages_of_each_kind(site: Path) -> list[str]:
    """One page of each kind, in both languages: the one with the most to show."""
    kinds: dict[str, Path] = {}
    for path in site.rglob("*.html"):
        kind = f"{path.parent.name if path.parent != site else ''}/{path.stem.partition('-')[0]}"
        if kind not in kinds or path.stat().st_size > kinds[kind].stat().st_size:
            kinds[kind] = path
    docs = next(path for path in (site / "data_docs").iterdir())
    return sorted(
        {p.relative_to(site).as_posix() for p in kinds.values() if p.parent.name != "data_docs"}
        | {docs.relative_to(site).as_posix()}
    )


def shape(browser: webdriver.Chrome, name: str) -> None:
    width, height = SHAPES[name]
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": name == "phone"}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def test_a_faulty_cell_is_three_clicks_from_the_start(site: Path, browser: webdriver.Chrome) -> None:
    shape(browser, "desktop")
    browser.get((site / "index.html").as_uri())
    refused = browser.find_element(By.XPATH, "//li[.//*[contains(., 'VALUE-RANGE')]]//a")
    refused.click()
    cell = browser.find_element(By.XPATH, "//a[starts-with(@href, '#')][contains(text(), '11')]")
    name = cell.text
    cell.click()
    marked = browser.find_element(By.CSS_SELECTOR, ":target")
    assert marked.get_attribute("id") == name
    assert "faulty" in (marked.get_attribute("class") or "")
    assert marked.is_displayed()
    top = browser.execute_script("return arguments[0].getBoundingClientRect().top", marked)
    assert -1 <= top < SHAPES["desktop"][1]


@pytest.mark.parametrize("at", sorted(SHAPES))
def test_pages_fit_and_are_accessible(site: Path, browser: webdriver.Chrome, at: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make browser")
    shape(browser, at)
    axe = AXE.read_text(encoding="utf-8")
    for name in pages_of_each_kind(site):
        browser.get((site / name).as_uri())
        width = browser.execute_script("return document.documentElement.scrollWidth")
        assert width <= SHAPES[at][0] + 1, (name, width)
        browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
        browser.execute_script(axe)
        found: dict[str, Any] = browser.execute_async_script(
            "const done = arguments[0]; axe.run().then(done, error => done({error: String(error)}))"
        )
        assert "error" not in found, (name, found)
        serious = [
            (v["id"], v["nodes"][0]["html"][:200])
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert serious == [], (name, serious)


def test_nothing_is_fetched_run_or_broken(site: Path, browser: webdriver.Chrome) -> None:
    shape(browser, "desktop")
    browser.get_log("browser")  # axe asks for the style sheets again, which no page opened from a folder may
    for path in sorted(site.rglob("*.html")):
        if "hacked" in path.read_text(encoding="utf-8") or path.name in ("index.html", "checks.html"):
            browser.get(path.as_uri())
            assert browser.title != "hacked", path
            loaded = browser.execute_script(
                "return performance.getEntriesByType('resource').map(e => e.name)"
            )
            assert all(name.startswith("file://") for name in loaded)
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_it_works_without_scripts_and_sorts_with_them(site: Path, browser: webdriver.Chrome) -> None:
    shape(browser, "desktop")
    browser.get((site / "period-2020-M03.html").as_uri())
    assert browser.find_elements(By.CSS_SELECTOR, "th button")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((site / "period-2020-M03.html").as_uri())
        assert not browser.find_elements(By.CSS_SELECTOR, "th button")
        assert len(browser.find_elements(By.CSS_SELECTOR, "tbody tr")) > 10
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_it_prints_on_paper(site: Path, browser: webdriver.Chrome) -> None:
    for name in ("index.html", "period-2020-M03.html"):
        browser.get((site / name).as_uri())
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        try:
            assert not browser.find_element(By.CSS_SELECTOR, "nav").is_displayed()
            assert browser.find_element(By.TAG_NAME, "table").is_displayed()
            printed = browser.execute_cdp_cmd(
                "Page.printToPDF", {"landscape": True, "paperWidth": 8.27, "paperHeight": 11.69}
            )
        finally:
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        assert base64.b64decode(printed["data"]).startswith(b"%PDF")
