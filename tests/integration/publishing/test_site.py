"""The published pages: every link leads somewhere, the faulty cell is three links away, text stays text."""

import io
import json
import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import text

from drives import archive
from plans.area_map import AreaMap
from plans.model import Plan
from publishing.returns.selection import ENDING as RETURNED
from publishing.site.build import publish
from services.context import AppContext as CommandWork
from services.ingest import IngestContext, ingest
from services.publish import publish_to
from services.settings import Settings
from tests.support.pages import Page, broken_links
from tests.support.paths import SAMPLE
from tests.support.pipeline import NOW, PLAN, ingested_sample, sample_work
from tests.support.pipeline import work as pipeline_work
from tests.support.postgres import shared_database
from tests.support.reports import default_rows, workbook
from warehouse.quality.finding_states import finding_states
from warehouse.verification.events import verify_events


@pytest.fixture
def app(sample_url: str, tmp_path: Path) -> IngestContext:
    return sample_work(sample_url, tmp_path)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The published sample drive, with a file in a folder of no known body; for tests that only read."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(SAMPLE / "drive", folder / "drive")
    unknown = folder / "drive" / "khong ro don vi"
    unknown.mkdir()
    (unknown / "a.xlsx").write_bytes(workbook("06-PCMD", "SYT", "Quý I năm 2020"))
    with shared_database() as url:
        app = pipeline_work(url, folder)
        ingest(app, [str(folder / "drive")])
        write(app, folder / "published")
        app.engine.dispose()
        yield folder / "published"


def write(app: IngestContext, out: Path, plan: Plan = PLAN) -> list[str]:
    def load(sha256: str) -> bytes | None:
        try:
            return archive.load(app.archive, sha256)
        except archive.ArchiveError:
            return None

    with app.engine.connect() as connection:
        return publish(connection, plan, load, out, NOW).changed


def test_every_link_leads_somewhere(site: Path, tmp_path: Path) -> None:
    out = shutil.copytree(site, tmp_path / "published")
    names = {path.name for path in out.iterdir()}
    assert {"index.html", "period-2020-Q1.html", "target-T1.html", "chain.html", "style.css"} <= names
    assert broken_links(out) == []
    for path in out.rglob("*.html"):
        page = Page(path)
        assert len(page.ids) == len(set(page.ids)), path
        assert page.tags.count("script") == 1  # our own
        assert page.tags.count("h1") == 1
    (out / "style.css").unlink()
    assert broken_links(out)


def test_every_page_is_reached_from_the_start(site: Path) -> None:
    out = site
    assert broken_links(out) == []
    pages = {p.relative_to(out).as_posix(): Page(p) for p in out.rglob("*.html")}
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        name = waiting.pop()
        for link in pages[name].links:
            file = link.partition("#")[0]
            at = (
                ((out / name).parent / file).resolve().relative_to(out.resolve()).as_posix() if file else name
            )
            if at in pages and at not in reached:
                reached.add(at)
                waiting.append(at)
    assert reached == set(pages)
    assert "unknown.html" in reached


def test_search_finds_every_kind_of_page(site: Path) -> None:
    out = site
    for folder in (out, out / "en"):
        script = (folder / "search-index.js").read_text(encoding="utf-8")
        assert "<" not in script
        entries = json.loads(script.removeprefix("window.searchIndex=").removesuffix(";\n"))
        kinds = {href.partition("-")[0] for _, _, href in entries}
        own = {"submission"} if folder == out else {"unknown.html"}  # in English with those of the body
        assert {kind.partition("#")[0] for kind in kinds} == {"target", "body", "form", "period"} | own
        assert all((folder / href.partition("#")[0]).is_file() for _, _, href in entries)


def test_the_start_page_is_small_and_answers_who_is_late(site: Path) -> None:
    out = site
    start = (out / "index.html").read_text(encoding="utf-8")
    assert (
        len(start.encode()) + (out / "style.css").stat().st_size + (out / "site.js").stat().st_size < 100_000
    )
    assert "Tổng quan tỉnh Đồng Nai" in start
    assert start.count('class="tile ') == 3
    assert "Đơn vị có việc phải làm" in start


def test_a_plan_without_data_makes_no_claims(warehouse_url: str, tmp_path: Path) -> None:
    app = pipeline_work(warehouse_url, tmp_path)
    write(app, tmp_path / "site")
    start = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    targets = start.split('id="targets"')[1].split('id="bodies"')[0]
    assert targets.count(">Chưa có số liệu<") == len(PLAN.targets)
    assert "0/0" not in targets
    assert "Theo dõi từng đơn vị" not in targets
    assert broken_links(tmp_path / "site") == []
    app.engine.dispose()


def test_the_trend_counts_each_report_that_was_due(site: Path) -> None:
    page = (site / "trend.html").read_text(encoding="utf-8")
    months, bodies = page.split('id="of-bodies"')
    owed = [int(n) for n in re.findall(r'<th scope="row">\d\d/2020<td>(\d+)<', months)]
    assert owed
    shares = re.findall(r"<td[^>]*>(\d+)/(\d+)", bodies)
    assert sum(int(of) for _, of in shares) == sum(owed)
    stated = re.findall(r'aria-label="Trong (\d+) báo cáo: (\d+) đúng hạn', months)
    assert [int(of) for of, _ in stated] == [n for n in owed if n]
    assert sum(int(n) for n, _ in shares) == sum(int(n) for _, n in stated)
    assert 'href="trend.html"' in (site / "index.html").read_text(encoding="utf-8")


def test_a_plan_with_outlines_has_them_on_its_map(app: IngestContext, tmp_path: Path) -> None:
    districts = [area.code for area in PLAN.areas if area.level == "district"]
    squares = {
        c: f"M{90 * n} 0L{90 * n + 90} 0L{90 * n + 90} 90L{90 * n} 90Z" for n, c in enumerate(districts)
    }
    plan = PLAN.model_copy(update={"map": AreaMap(outlines=squares)})
    write(app, tmp_path / "site", plan)
    page = (tmp_path / "site" / "target-T6.html").read_text(encoding="utf-8")
    assert page.count('<a class="outline" href="#d7') == len(districts) == 11
    assert 'viewBox="0 0 1000 90"' in page
    assert "Bản đồ theo ranh giới; hướng bắc ở trên." in page
    assert "Bản đồ ô" not in page
    assert broken_links(tmp_path / "site") == []


def test_a_target_page_defines_draws_and_ranks(site: Path) -> None:
    page = (site / "target-T6.html").read_text(encoding="utf-8")
    assert "count(commune_status.free_of_prostitution)" in page  # the formula
    assert page.count('<a href="#d7') == 11  # tiles of the map lead to the ranking
    assert page.count('<tr id="d7') == 11
    assert 'class="chart--wide"' in page
    assert 'class="chart--mid"' in page
    assert 'class="chart--narrow"' in page
    assert "Còn phải làm gì để đạt" in page
    assert page.count('<span class="multiples__name">') == 1  # the district of the sample with a figure
    assert page.count("#a7") == 11  # each district's figure leads to its cells
    assert ">–%" not in page  # a month without reports
    communes = (site / "target-T8.html").read_text(encoding="utf-8")
    assert '<th scope="col">Thuộc<' in communes  # communes of two districts may have one name
    assert communes.count("<tr>") > 170


def test_a_body_sees_its_tasks_first(site: Path) -> None:
    bodies = [link for link in Page(site / "index.html").links if link.startswith("body-")]
    pages = [(site / body).read_text(encoding="utf-8") for body in dict.fromkeys(bodies)]
    with_tasks = [page for page in pages if 'class="tasks"' in page]
    assert with_tasks
    for page in with_tasks:
        assert page.index('id="todo"') < page.index('id="reports"')
    assert any("tra_lai/" in page for page in with_tasks)
    assert any("bieu_trang/" in page for page in with_tasks)


def test_a_faulty_cell_is_three_links_from_the_start(site: Path) -> None:
    out = site
    bodies = [link for link in Page(out / "index.html").links if link.startswith("body-")]
    reports = [
        (out / link).read_text(encoding="utf-8")
        for body in bodies
        for link in Page(out / body).links
        if link.startswith("submission-")
    ]
    report = next(page for page in reports if '"#D11"' in page)
    assert '<a href="#D11">D11</a>' in report
    assert "<td id=D11 class=e>" in report
    assert "VALUE-RANGE" in report
    assert " từ 01/03/2026" in report  # how long it has been open


@pytest.mark.long
def test_publishing_again_changes_only_what_changed(app: IngestContext, tmp_path: Path) -> None:
    out = tmp_path / "published"
    assert len(write(app, out)) > 20
    assert write(app, out) == []
    rows = default_rows("02-PCMD")
    rows[0]["closing"] = 4
    (tmp_path / "drive" / "UBND-742").mkdir()
    (tmp_path / "drive" / "UBND-742" / "a.xlsx").write_bytes(
        workbook("02-PCMD", "UBND-742", "Tháng 1 năm 2020", [rows[0] | {"district": "Huyện Nhơn Trạch"}])
    )
    ingest(app, [str(tmp_path / "drive")])
    changed = write(app, out)
    assert "index.html" in changed
    assert "style.css" not in changed


@pytest.mark.long
def test_each_refused_file_goes_back_until_it_is_corrected(warehouse_url: str, tmp_path: Path) -> None:
    app = ingested_sample(warehouse_url, tmp_path)
    drive = tmp_path / "drive"
    settings = Settings(home=tmp_path, database_url=None, sources=(str(drive),))
    work = CommandWork(settings, PLAN, NOW, app.engine)
    done = publish_to(work, tmp_path / "published")
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    refused = {e["path"] for e in truth if e["expect"] == "rejected"}
    assert len(done.delivered) == len(refused) + 1  # and one that is no table at all
    back = sorted(path.relative_to(drive).as_posix() for path in drive.rglob(f"*{RETURNED}"))
    assert sorted(done.delivered) == back
    assert {path.split("/")[0] for path in refused} < {path.split("/")[0] for path in back}
    assert publish_to(work, tmp_path / "published").delivered == []
    with app.engine.connect() as connection:
        kinds = (
            connection.execute(text("SELECT kind FROM audit.event WHERE kind = 'publish'")).scalars().all()
        )
    assert len(kinds) == 1
    assert ingest(app, [str(drive)]).files == 0  # what is handed out is no report
    with_reply, numbers = replied(drive / "UBND-732" / "_tra_lai" / RETURNED_732, REPLY)
    (drive / "UBND-732" / "corrected.xlsx").write_bytes(with_reply)
    with_person, _ = replied(drive / "CAT" / "_tra_lai" / f"so lieu 03-2020 02 (xlsx){RETURNED}", PERSON)
    (drive / "CAT" / "again.xlsx").write_bytes(with_person)
    ingest(app, [str(drive)])
    assert_replies_are_kept(app, numbers)
    with pytest.raises(archive.ArchiveError):
        archive.load(app.archive, sha256(with_person).hexdigest())
    publish_to(work, tmp_path / "published")
    submission, _, finding = numbers[0].partition("/")
    for name in (f"submission-{submission}.html", "body-UBND-732.html"):
        assert "Đã sửa &lt;b&gt;theo sổ" in (tmp_path / "published" / name).read_text(encoding="utf-8")
    assert f'href="submission-{submission}.html#f{finding}"' in (
        tmp_path / "published" / "body-UBND-732.html"
    ).read_text(encoding="utf-8")
    gone = set(back) - {path.relative_to(drive).as_posix() for path in drive.rglob(f"*{RETURNED}")}
    assert gone == {f"UBND-732/_tra_lai/{RETURNED_732}"}


RETURNED_732 = f"thang 3 - Báo cáo PCMD 03-2020 08 (xlsx){RETURNED}"
# The words of a report in a reply do not make the list one.
REPLY = "Đã sửa <b>theo sổ, Biểu 05/PCMD, kỳ báo cáo tháng 3 năm 2020. " + "x" * 600
PERSON = "Số liệu do ông Nguyễn Văn Hùng nhập nhầm"


def replied(returned: Path, reply: str) -> tuple[bytes, list[str]]:
    """A returned workbook with a reply to each finding and its first faulty cell corrected, and their numbers."""
    book = openpyxl.load_workbook(returned)
    listed = book.worksheets[0]
    numbers: list[str] = []
    for row in listed.iter_rows(min_row=5):
        if isinstance(row[0].value, str) and "/" in row[0].value:
            numbers.append(row[0].value)
            row[5].value = reply
            sheet, _, cell = str(row[1].value).partition("!")
            if len(numbers) == 1:  # "… the rows add up to 1 + 2 = 3"
                book[sheet][cell].value = int(re.findall(r"\d+", str(row[4].value))[-1])
    assert listed["F1"].value is None
    content = io.BytesIO()
    book.save(content)
    return content.getvalue(), numbers


def assert_replies_are_kept(app: IngestContext, numbers: list[str]) -> None:
    """The replies are in the chain, cut to their length; of a file with a person nothing is."""
    with app.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT subject, payload ->> 'by', payload ->> 'reason' FROM audit.event WHERE kind = 'reply'"
            )
        ).all()
        states = {
            f"{r['submission_id']}/{r['finding_no']}": r for r in finding_states(connection, PLAN, NOW.date())
        }
        status: set[tuple[str, str]] = {
            (row.file_name, row.status)
            for row in connection.execute(
                text(
                    "SELECT file_name, status FROM audit.submission WHERE file_name IN ('again.xlsx', 'corrected.xlsx')"
                )
            )
        }
        assert verify_events(connection) == []
    assert [(row[0], row[1]) for row in rows] == [(number, "UBND-732") for number in numbers]
    assert all(row[2].startswith("Đã sửa") and len(row[2]) == 500 for row in rows)
    assert all(states[number]["reply"] == rows[0][2] for number in numbers)
    assert status == {("again.xlsx", "rejected"), ("corrected.xlsx", "accepted")}


@pytest.mark.long
def test_a_folder_of_any_name_is_no_link(app: IngestContext, tmp_path: Path) -> None:
    folder = tmp_path / "drive" / "a#b%20c d"
    folder.mkdir()
    (folder / "x?y.xlsx").write_bytes(workbook("06-PCMD", "SYT", "Quý I năm 2020"))
    ingest(app, [str(tmp_path / "drive")])
    out = tmp_path / "published"
    write(app, out)
    assert all("b%20c" not in link for path in out.rglob("*.html") for link in Page(path).links)
    assert not list(out.rglob("*20c*"))


@pytest.mark.long
def test_text_from_files_is_shown_as_text_and_persons_not_at_all(app: IngestContext, tmp_path: Path) -> None:
    hostile = '"><script>alert(1)</script>'

    def spoil(sheet) -> None:  # type: ignore[no-untyped-def]
        sheet["B8"] = hostile
        sheet["H20"] = "<img src=x onerror=alert(2)>"

    folder = tmp_path / "drive" / "UBND-742"
    folder.mkdir()
    (folder / "a<b>.xlsx").write_bytes(
        workbook("02-PCMD", "UBND-742", "Tháng 1 năm 2020", default_rows("02-PCMD"), spoil)
    )
    ingest(app, [str(tmp_path / "drive")])
    out = tmp_path / "published"
    write(app, out)
    for path in out.rglob("*.html"):
        html_text = path.read_text(encoding="utf-8")
        assert html_text.count("<script") == html_text.count("site.js") == 1
        assert "<img src=x" not in html_text
    withheld = [p for p in out.glob("submission-*.html") if "PII-SUSPECTED" in p.read_text(encoding="utf-8")]
    assert withheld
    assert all('class="sheet' not in path.read_text(encoding="utf-8") for path in withheld)


def test_a_drawn_sheet_shows_what_each_cell_was_read_as(site: Path) -> None:
    drawn = [path.read_text(encoding="utf-8") for path in site.glob("submission-*.html")]
    coloured = [page for page in drawn if 'class="sheet roled"' in page]
    assert coloured
    for page in coloured:
        assert '<ul class="roles"' in page
        assert "<li class=h>Tiêu đề cột" in page
        assert "class=k>" in page
        assert "<td class=f" not in page  # most cells have it by the style of the table


def test_cells_are_listed_by_sheet_and_give_the_figure(site: Path) -> None:
    page = (site / "cells-T5-2020-Q1.html").read_text(encoding="utf-8")
    listed = page[page.index('id="cells"') :]
    rows = re.findall(r"<tr><td>Tử số<.*?(?=<tr|</table>)", listed, re.DOTALL)
    assert rows
    totals = 0
    for row in rows:
        values = [int(value.replace(".", "")) for value in re.findall(r"</a> = ([\d.]+)", row)]
        total = int(re.findall(r'class="num">([\d.]+)', row)[0].replace(".", ""))
        assert sum(values) == total
        totals += total
    assert f"tử số <strong>{totals:,}".replace(",", ".") in page


def test_english_readers_find_each_submission_with_its_findings(site: Path) -> None:
    for path in site.glob("submission-*.html"):
        page = path.read_text(encoding="utf-8")
        other, number = re.findall(r'hreflang="en" lang="en" href="([^"#]+)#s(\d+)"', page)[0]
        english = (site / other).read_text(encoding="utf-8")
        described = english[english.index(f'id="s{number}"') :].partition("</article>")[0]
        assert re.findall(r'class="quiet">([A-Z0-9-]+), ', described) == re.findall(
            r'class="quiet">([A-Z0-9-]+), ', page
        )
