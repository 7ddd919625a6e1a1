"""Sites for readers who may not see everything: what they may not see is on none of their pages."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from drives import archive
from plans.errors import UsageError
from publishing.site.audiences import Audience, AudienceKind, as_seen
from publishing.site.build import publish
from publishing.site.page_queries import TargetRow
from publishing.site.site_data import read_site_data
from services.ingest import IngestContext
from services.publish import audience_of
from tests.support.database_roles import as_role
from tests.support.pages import broken_links
from tests.support.pipeline import NOW, PLAN, sample_work
from warehouse.indicators.materialize import materialize
from warehouse.privacy.roles import create_area_role, create_roles

AREA = "731"
BI, OF_AREA = Audience(AudienceKind.BI), Audience(AudienceKind.AREA, AREA)


@pytest.fixture
def app(sample_url: str, tmp_path: Path) -> IngestContext:
    app = sample_work(sample_url, tmp_path)
    assert create_roles(app.engine) == []
    return app


def written(app: IngestContext, out: Path, audience: Audience, reader: Connection) -> dict[str, str]:
    """Publish for an audience; return the pages by their names."""

    def load(sha256: str) -> bytes | None:
        try:
            return archive.load(app.archive, sha256)
        except archive.ArchiveError:
            return None

    with app.engine.connect() as connection:
        publish(connection, PLAN, load, out, NOW, readers=(audience, reader))
    assert broken_links(out) == []
    return {p.relative_to(out).as_posix(): p.read_text(encoding="utf-8") for p in out.rglob("*.html")}


def test_readers_of_an_area_get_its_bodies_and_sheets_alone(app: IngestContext, tmp_path: Path) -> None:
    role = create_area_role(app.engine, PLAN.area, AREA)
    with as_role(app.engine, role).connect() as reader:
        pages = written(app, tmp_path / "area", OF_AREA, reader)
    with app.engine.connect() as connection:
        query = text("SELECT submission_id FROM audit.submission WHERE body_code = :body")
        own = {f"submission-{n}.html" for n in connection.scalars(query, {"body": f"UBND-{AREA}"})}
    assert {name for name in pages if name.startswith("submission-")} == own != set()
    assert {name for name in pages if name.startswith("body-")} == {f"body-UBND-{AREA}.html"}
    assert not [name for name in pages if re.match(r"cells-|chain|checks|unknown", name)]
    others = [b for b in PLAN.bodies_by_code.values() if b.code.startswith("UBND-") and b.area != AREA]
    assert len(others) > 5
    for other in others:
        assert not [name for name, page in pages.items() if f">{other.name}<" in page]
    folders = {path.parent.name for path in (tmp_path / "area" / "bieu_trang").rglob("*.xlsx")}
    assert folders == {f"UBND-{AREA}"}
    assert "thành phố Biên Hòa" in pages["index.html"]


def test_users_of_figures_get_no_file_of_a_body(app: IngestContext, tmp_path: Path) -> None:
    with as_role(app.engine, "chitieu_bi").connect() as reader:
        pages = written(app, tmp_path / "bi", BI, reader)
    kinds = {name.partition("-")[0].partition(".")[0] for name in pages if not name.startswith("en/")}
    assert kinds == {"index", "target", "body", "period", "form", "trend"}
    assert not list((tmp_path / "bi").rglob("*.xlsx"))
    assert not list((tmp_path / "bi").rglob("*.docx"))
    assert "giữ kín" in pages["index.html"]


def test_a_withheld_figure_is_on_no_page(app: IngestContext) -> None:
    with app.engine.begin() as connection:
        connection.execute(text("INSERT INTO dw.sensitive_target VALUES (:plan, 'T1')"), {"plan": PLAN.code})
        connection.execute(
            text("SELECT audit.remove_unasked_figures(:plan, :now)"), {"plan": PLAN.code, "now": NOW}
        )
        materialize(connection, PLAN, NOW)
    with app.engine.connect() as connection, as_role(app.engine, "chitieu_bi").connect() as reader:
        data = read_site_data(connection, PLAN, NOW)
        seen = as_seen(data, reader, BI)
    figures = {key_of(row): row["value"] for row in data.targets}
    shown = {key_of(row): row["value"] for row in seen.targets}
    withheld = {key for key in figures if figures[key] is not None and shown.get(key) is None}
    assert withheld
    assert {target for target, _, _ in withheld} == {"T1"}
    assert shown.items() <= {**figures, **dict.fromkeys(withheld)}.items()


def key_of(row: TargetRow) -> tuple[str, str, str]:
    return row["target_code"], row["area_code"], row["period_code"]


@pytest.mark.parametrize("wrong", ["", "area", "area:", "bi:731", "area:000", "owner"])
def test_what_is_no_audience_is_refused(wrong: str) -> None:
    with pytest.raises(UsageError):
        audience_of(wrong, [PLAN])


def test_an_audience_has_a_folder_of_its_own() -> None:
    folders = [audience_of(kind, [PLAN]).folder for kind in ("auditor", "bi", "area:731")]
    assert folders == ["published", "published-bi", "published-area-731"]
