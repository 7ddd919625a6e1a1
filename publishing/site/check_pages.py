"""The page of the checkpoint's results, and Great Expectations' own pages beside it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from plans.model import Plan
from publishing.i18n import LANGUAGES, Pair, labels
from publishing.site.check_words import column_label, value_text
from publishing.site.data_docs import offline
from publishing.site.folder import read_manifest
from publishing.site.page_writer import Pages, page_place, page_sources
from schemas.declaration import Form
from schemas.form_set import FormSet
from warehouse.quality.checkpoint import Checked, Outcome
from warehouse.quality.expectations import Suite

_PAGE, _DATA_DOCS = "checks.html", "data_docs"
_STATE = "state of the checkpoint"
# The label of what a table holds that belongs to no form.
SUITES_WITHOUT_FORM = {"audit.submission": "files_of_body", "mart.target_indicator": "target_table"}


@dataclass(frozen=True, slots=True)
class Checks:
    """A digest of all that the checkpoint reads, and what waits for its results.

    `results` is None where the pages in the folder are current: they stay.
    """

    state: str
    results: Callable[[], Checked] | None


@dataclass(frozen=True, slots=True)
class SuiteLine:
    """A suite of expectations: its table, the address of its Data Docs, and its counts."""

    title: Pair
    relation: str
    href: str
    expectations: int
    failed: int


@dataclass(frozen=True, slots=True)
class FailedLine:
    """A failed expectation with examples of failing rows."""

    id: str
    severity: str
    title: Pair
    label: Pair
    wrong: int
    columns: Sequence[Pair]
    rows: Sequence[Sequence[Pair]]


def checks_are_current(out: Path, state: str) -> bool:
    """Return whether the pages of checks in a published folder show the results of this state."""
    manifest = read_manifest(out)
    pages = _check_pages(manifest)
    return manifest.get(_STATE) == _noted(state) and all((out / name).is_file() for name in pages)


def write_checks(pages: Pages, checks: Checks, forms: FormSet) -> None:
    """Write the page of checks, and the Data Docs of each suite whose outcomes have changed.

    Raises what waiting for the results raises.
    """
    if checks.results is None:
        pages.site.keep(_check_pages(pages.site.old))
    else:
        _write_results(pages, checks.results(), forms)
    pages.site.note(_STATE, _noted(checks.state))


def await_checks(pages: Pages, checks: Checks) -> None:
    """Wait for the results of the checkpoint, of which the site has no page.

    Raises what waiting for the results raises.
    """
    if checks.results:
        checks.results()
    pages.site.note(_STATE, _noted(checks.state))


def _check_pages(manifest: Mapping[str, str]) -> list[str]:
    own = {page_place(language, _PAGE) for language in LANGUAGES}
    return [name for name in manifest if name in own or name.startswith(f"{_DATA_DOCS}/")]


def _noted(state: str) -> str:
    """Return what the manifest has of a state: a change of templates changes the pages as well."""
    return sha256(f"{page_sources()} {state}".encode()).hexdigest()


def _write_results(pages: Pages, checked: Checked, forms: FormSet) -> None:
    counts = Counter(o.suite.relation for o in checked.outcomes)
    failed = Counter(o.suite.relation for o in checked.outcomes if not o.holds)
    foot = f"{pages.made_at}. Head of the audit chain: {pages.head}"
    by_relation = forms_by_relation(forms)
    suites = []
    for relation, make_page in checked.data_docs.items():
        outcomes = [o for o in checked.outcomes if o.suite.relation == relation]
        title = _titles(outcomes[0].suite, by_relation.get(relation))
        place = f"{_DATA_DOCS}/{relation}.html"
        # Keyed by the outcomes and not by the page itself, which contains the time of its creation.
        key = sha256(repr(outcomes).encode()).hexdigest()
        pages.site.write(place, key, partial(_data_docs, make_page, title[0], foot))
        suites.append(SuiteLine(title, relation, place, counts[relation], failed[relation]))
    failures = [
        _failed_line(o, by_relation.get(o.suite.relation), pages.plan)
        for o in checked.outcomes
        if not o.holds
    ]
    values = {"suites": suites, "failed": failures}
    pages.write(_PAGE, "checks.html", ("Kiểm tra kho dữ liệu", "Checks of the warehouse"), values)


def forms_by_relation(forms: FormSet) -> dict[str, Form]:
    """Return each form by the relation whose suite is about it."""
    return {f"dw.current_{form.key}": form for form in forms.forms}


def _titles(suite: Suite, form: Form | None) -> Pair:
    """Return the titles of a suite: code and title of its form, or what its table holds."""
    if form is None:
        return suite.title, labels("en")[SUITES_WITHOUT_FORM[suite.relation]]
    title = form.title.capitalize()
    return f"{form.code} {title}", f"{form.code} {form.title_en or title}"


def _data_docs(make_page: Callable[[], str], title: str, foot: str) -> bytes:
    return offline(make_page(), title, "../", foot)


def _failed_line(outcome: Outcome, form: Form | None, plan: Plan) -> FailedLine:
    """Describe a failed expectation in words; `form` is that of its table."""
    names = list(outcome.rows[0]) if outcome.rows else []
    return FailedLine(
        outcome.expectation.id,
        outcome.expectation.severity,
        _titles(outcome.suite, form),
        (outcome.expectation.label_vi, outcome.expectation.label_en),
        outcome.wrong,
        [column_label(name, form) for name in names],
        [[value_text(name, row.get(name), form, plan) for name in names] for row in outcome.rows],
    )
