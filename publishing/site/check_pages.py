"""The page of what the checkpoint found in the warehouse, and Great Expectations' own pages beside it."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from publishing.site.data_docs import offline
from publishing.site.page_writer import Pages
from warehouse.quality.checkpoint import Checked, Outcome


def write_checks(pages: Pages, checked: Checked) -> None:
    """Write what holds and what does not, and the Data Docs of each suite where its outcomes changed."""
    of_suite = Counter(o.suite.relation for o in checked.outcomes)
    broken = Counter(o.suite.relation for o in checked.outcomes if not o.holds)
    foot = f"{pages.made_at}. Head of the audit chain: {pages.head}"
    suites: list[dict[str, Any]] = []
    for relation, make_page in checked.data_docs.items():
        outcomes = [o for o in checked.outcomes if o.suite.relation == relation]
        title = outcomes[0].suite.title
        place = f"data_docs/{relation}.html"
        # Not by the page itself, which bears the moment at which it was made.
        pages.site.write(place, repr(outcomes), partial(_data_docs, make_page, title, foot))
        suites.append(
            {
                "title": title,
                "relation": relation,
                "href": place,
                "expectations": of_suite[relation],
                "broken": broken[relation],
            }
        )
    values = {"suites": suites, "broken": [_shown(o) for o in checked.outcomes if not o.holds]}
    pages.write("checks.html", "checks.html", ("Kiểm tra kho dữ liệu", "Checks of the warehouse"), values)


def _data_docs(make_page: Callable[[], str], title: str, foot: str) -> bytes:
    return offline(make_page(), title, "../", foot)


def _shown(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.expectation.id,
        "severity": outcome.expectation.severity,
        "title": outcome.suite.title,
        "label": (outcome.expectation.label_vi, outcome.expectation.label_en),
        "wrong": outcome.wrong,
        "columns": list(outcome.rows[0]) if outcome.rows else [],
        "rows": outcome.rows,
    }
