"""The published pages in a real browser: opened from a folder, at desktop and phone width, and in print."""

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from plans.reporting_calendar import period_from_code
from services.context import AppContext
from services.ingest import ingest
from services.publish import publish_to
from services.settings import Settings
from tests.support.paths import SAMPLE
from tests.support.pipeline import NOW, PLAN
from tests.support.pipeline import work as pipeline_work
from tests.support.postgres import shared_database
from tests.support.reports import default_rows, workbook
from warehouse.history.snapshots import close

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
DRIVER = shutil.which("chromedriver")
LATE_BODY = "UBND-738"  # its report comes after the first quarter is closed
FIRST_QUARTER = period_from_code("2020-Q1", PLAN.calendar)
HOSTILE = "<script>document.title='hacked'</script><img src=x onerror=document.title='hacked'>"
PAPER = 695  # pixels of A4 between the margins
CUT = """
return [...document.querySelectorAll('main *')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && box.right > arguments[0] + 1;
}).slice(0, 3).map(e => e.outerHTML.slice(0, 200));
"""
SHAPES = {"desktop": (1300, 900), "tablet": (768, 900), "phone": (390, 800)}

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(DRIVER is None, reason="Debian's chromium-driver is not there"),
]


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
        app = pipeline_work(url, folder)
        ingest(app, [str(folder / "drive")])
        with app.engine.begin() as connection:
            close(connection, PLAN, FIRST_QUARTER, NOW, "For the test.")
        late = folder / "drive" / LATE_BODY / "late.xlsx"
        late.parent.mkdir(exist_ok=True)
        counted = {
            "team_level": "Đội kiểm tra liên ngành cấp huyện",
            "managed": 8,
            "inspected": 5,
            "visits": 5,
        }
        rows = [default_rows("03-PCMD")[0] | counted]
        late.write_bytes(workbook("03-PCMD", LATE_BODY, "Tháng 3 năm 2020", rows))
        ingest(app, [str(folder / "drive")])
        settings = Settings(home=folder, database_url=url, sources=())
        publish_to(AppContext(settings, PLAN, NOW, app.engine), folder / "published")
        app.engine.dispose()
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


def addresses(browser: webdriver.Chrome, selector: str) -> list[str]:
    found = browser.find_elements(By.CSS_SELECTOR, selector)
    return list(dict.fromkeys(str(link.get_dom_attribute("href")) for link in found))


def click(browser: webdriver.Chrome, selector: str) -> None:
    browser.find_element(By.CSS_SELECTOR, selector).click()


def way_to_a_faulty_cell(site: Path, browser: webdriver.Chrome) -> tuple[str, str]:
    """The body and the submission that lead to a drawn cell with an error."""
    browser.get((site / "index.html").as_uri())
    for body in addresses(browser, ".bodies tbody th a"):
        browser.get((site / body).as_uri())
        for submission in addresses(browser, ".tasks a[href^=submission]"):
            if " class=e>" in (site / submission).read_text(encoding="utf-8"):
                return body, submission
    raise AssertionError("no faulty cell is linked")


def test_a_faulty_cell_is_three_clicks_from_the_start(site: Path, browser: webdriver.Chrome) -> None:
    shape(browser, "desktop")
    body, submission = way_to_a_faulty_cell(site, browser)
    browser.get((site / "index.html").as_uri())
    click(browser, f".bodies a[href='{body}']")
    click(browser, f".tasks a[href='{submission}']")
    cell = browser.find_element(By.CSS_SELECTOR, ".finding a[href^='#']")
    name = cell.text
    cell.click()
    marked = browser.find_element(By.CSS_SELECTOR, ":target")
    assert marked.get_attribute("id") == name
    assert "e" in (marked.get_attribute("class") or "").split()
    assert marked.is_displayed()
    top = browser.execute_script("return arguments[0].getBoundingClientRect().top", marked)
    assert -1 <= top < SHAPES["desktop"][1]


def test_search_works_from_a_folder_and_without_diacritics(site: Path, browser: webdriver.Chrome) -> None:
    shape(browser, "desktop")
    for page, kind in (("index.html", "Đơn vị"), ("en/index.html", "Body")):
        browser.get((site / page).as_uri())
        field = browser.find_element(By.CSS_SELECTOR, ".search input")
        field.send_keys("bien hoa")
        found = WebDriverWait(browser, 10).until(lambda b: b.find_elements(By.CSS_SELECTOR, ".results li a"))
        assert "thành phố Biên Hòa" in found[0].text
        assert kind in browser.find_element(By.CSS_SELECTOR, ".results li small").text
        found[0].click()
        assert "UBND thành phố Biên Hòa" in browser.find_element(By.TAG_NAME, "h1").text


def test_readers_questions_are_answered_by_following_links(site: Path, browser: webdriver.Chrome) -> None:
    """Is T5 on track; who has not reported; what must a body do; what was frozen; where is a figure from."""
    shape(browser, "desktop")
    browser.get((site / "index.html").as_uri())
    assert browser.find_element(By.CSS_SELECTOR, "#T5 .tag").text
    click(browser, "#T5 th a")
    assert browser.find_element(By.CSS_SELECTOR, ".verdict .tag").text
    assert browser.find_element(By.ID, "needed").is_displayed()
    click(browser, ".verdict a[href^='cells-T5']")
    assert browser.find_elements(By.CSS_SELECTOR, "tbody a[href^=submission]")
    click(browser, ".crumbs a")
    click(browser, ".tile a")
    assert browser.find_elements(By.CSS_SELECTOR, ".matrix .mark--bad")
    click(browser, ".matrix tbody th a")
    assert browser.find_element(By.CSS_SELECTOR, ".lead").text


def test_why_a_figure_changed_after_the_closing_is_two_links_away(
    site: Path, browser: webdriver.Chrome
) -> None:
    shape(browser, "desktop")
    browser.get((site / "index.html").as_uri())
    click(browser, "#T5 th a")
    line = browser.find_element(By.CSS_SELECTOR, "section[aria-labelledby=frozen] tbody tr")
    _, _, frozen, current, difference, moved_by = (cell.text for cell in line.find_elements(By.XPATH, "*"))
    assert frozen != current
    assert difference not in ("", "–", "không đổi")
    line.find_element(By.LINK_TEXT, moved_by).click()
    assert "Biểu 03-PCMD, tháng 3 năm 2020" in browser.find_element(By.TAG_NAME, "h1").text
    assert "huyện Thống Nhất" in browser.find_element(By.CSS_SELECTOR, ".meta").text


@pytest.mark.parametrize("at", [*SHAPES, "paper"])
def test_each_chart_is_shown_once_and_nothing_is_cut(site: Path, browser: webdriver.Chrome, at: str) -> None:
    """On paper, what is wider than the page or scrolls sideways would be cut."""
    is_paper = at == "paper"
    if is_paper:
        metrics = {"width": PAPER, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    else:
        shape(browser, at)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print" if is_paper else ""})
    try:
        for name in pages_of_each_kind(site):
            browser.get((site / name).as_uri())
            shown = browser.execute_script(
                "return [...document.querySelectorAll('figure.chart')].map(f => "
                "[...f.children].filter(c => c.tagName == 'svg' && c.getBoundingClientRect().height > 60).length)"
            )
            assert set(shown) <= {1}, (name, shown)
            if (
                is_paper
                and "data_docs" not in name
                and not browser.find_elements(By.CSS_SELECTOR, ".page--wide")
            ):
                cut = browser.execute_script(CUT, PAPER)
                assert cut == [], name
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_the_font_of_the_site_is_loaded_from_its_folder(site: Path, browser: webdriver.Chrome) -> None:
    for name in ("index.html", "en/index.html"):
        browser.get((site / name).as_uri())
        loaded = "document.fonts.ready.then(() => arguments[0]([...document.fonts].map(f => f.status)))"
        assert browser.execute_async_script(loaded) == ["loaded", "loaded"]


@pytest.mark.parametrize(
    ("at", "scheme"), [("phone", "light"), ("tablet", "light"), ("desktop", "light"), ("desktop", "dark")]
)
def test_pages_fit_and_are_accessible(site: Path, browser: webdriver.Chrome, at: str, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make browser")
    shape(browser, at)
    colours = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": colours})
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
