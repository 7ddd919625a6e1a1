"""The data dictionary in docs equals the comments of the database."""

from pathlib import Path

from tests.support.paths import ROOT
from tests.support.pipeline import work
from warehouse.data_dictionary import dictionary


def test_the_page_in_docs_equals_the_database_comments(warehouse_url: str, tmp_path: Path) -> None:
    app = work(warehouse_url, tmp_path)
    with app.engine.connect() as connection:
        page = dictionary(connection)
    app.engine.dispose()
    kept = (ROOT / "docs" / "warehouse.md").read_text(encoding="utf-8")
    assert page == kept, "write it again: chitieu dictionary > docs/warehouse.md"
    assert "None" not in page
