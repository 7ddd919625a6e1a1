"""The data dictionary in docs is what the database says of itself."""

from pathlib import Path

from tests.support.paths import ROOT
from tests.support.pipeline import work
from warehouse.data_dictionary import dictionary


def test_the_page_in_docs_is_what_the_database_says(warehouse_url: str, tmp_path: Path) -> None:
    way = work(warehouse_url, tmp_path)
    with way.engine.connect() as connection:
        page = dictionary(connection)
    way.engine.dispose()
    kept = (ROOT / "docs" / "warehouse.md").read_text(encoding="utf-8")
    assert page == kept, "write it again: chitieu dictionary > docs/warehouse.md"
    assert "None" not in page
