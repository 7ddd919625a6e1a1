"""The page of the checkpoint's results, and Great Expectations' own pages beside it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from publishing.i18n import Pair, in_sentence
from publishing.site.data_docs import offline
from publishing.site.page_writer import Pages
from warehouse.quality.checkpoint import Checked, Outcome


@dataclass(frozen=True, slots=True)
class SuiteLine:
    """A suite of expectations: its table, the address of its Data Docs, and its counts."""

    title: str
    relation: str
    href: str
    expectations: int
    failed: int


@dataclass(frozen=True, slots=True)
class FailedLine:
    """A failed expectation with examples of failing rows."""

    id: str
    severity: str
    title: str
    label: Pair
    wrong: int
    columns: Sequence[str]
    rows: Sequence[Mapping[str, object]]


def write_checks(pages: Pages, checked: Checked) -> None:
    """Write the page of checks, and the Data Docs of each suite whose outcomes have changed."""
    counts = Counter(o.suite.relation for o in checked.outcomes)
    failed = Counter(o.suite.relation for o in checked.outcomes if not o.holds)
    foot = f"{pages.made_at}. Head of the audit chain: {pages.head}"
    suites = []
    for relation, make_page in checked.data_docs.items():
        outcomes = [o for o in checked.outcomes if o.suite.relation == relation]
        title = outcomes[0].suite.title
        place = f"data_docs/{relation}.html"
        # Keyed by the outcomes and not by the page itself, which contains the time of its creation.
        key = sha256(repr(outcomes).encode()).hexdigest()
        pages.site.write(place, key, partial(_data_docs, make_page, title, foot))
        suites.append(SuiteLine(title, relation, place, counts[relation], failed[relation]))
    bodies = {code: in_sentence(body.name) for code, body in pages.plan.bodies_by_code.items()}
    failures = [_failed_line(o, bodies) for o in checked.outcomes if not o.holds]
    values = {"suites": suites, "failed": failures}
    pages.write("checks.html", "checks.html", ("Kiểm tra kho dữ liệu", "Checks of the warehouse"), values)


def _data_docs(make_page: Callable[[], str], title: str, foot: str) -> bytes:
    return offline(make_page(), title, "../", foot)


def _failed_line(outcome: Outcome, bodies: Mapping[str, str]) -> FailedLine:
    """Describe a failed expectation; codes of bodies become names."""
    rows = [
        {name: bodies.get(str(value), value) if name == "body_code" else value for name, value in row.items()}
        for row in outcome.rows
    ]
    return FailedLine(
        outcome.expectation.id,
        outcome.expectation.severity,
        outcome.suite.title,
        (outcome.expectation.label_vi, outcome.expectation.label_en),
        outcome.wrong,
        list(rows[0]) if rows else [],
        rows,
    )
