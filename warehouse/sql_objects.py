"""The views, functions, triggers and policies of the database, rendered from `warehouse/sql`.

Each object can be created again over an older version of itself. A migration drops what a later release no
longer has, and functions whose parameters or result changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Table

from schemas.forms import CODE_LISTS, FORMS
from warehouse.models.audit_tables import EVENT, FINDING, PLAN_DOCUMENT, PURGE, WITHDRAWAL
from warehouse.models.form_tables import fact_table
from warehouse.models.tables import LOAD, SUBMISSION
from warehouse.models.target_tables import (
    REVISION_CAUSE,
    TARGET_BREAKDOWN,
    TARGET_BREAKDOWN_HISTORY,
    TARGET_INDICATOR,
    TARGET_INDICATOR_HISTORY,
    TARGET_SNAPSHOT,
)
from warehouse.privacy.suppression import SMALLEST_SHOWN
from warehouse.quality.outliers import OUTLIER
from warehouse.sql_templates import render, template_names
from warehouse.views.form_context import FormContext, form_context

_ERASABLE = (SUBMISSION, FINDING)  # by a purge
APPEND_ONLY = (
    *(EVENT, LOAD, WITHDRAWAL, PURGE, PLAN_DOCUMENT, REVISION_CAUSE, *_ERASABLE),
    *(TARGET_SNAPSHOT, TARGET_INDICATOR_HISTORY, TARGET_BREAKDOWN_HISTORY),
)
_TARGETS = (TARGET_INDICATOR, TARGET_BREAKDOWN)
_FIGURES = (*_TARGETS, TARGET_SNAPSHOT, TARGET_INDICATOR_HISTORY, TARGET_BREAKDOWN_HISTORY)
# Names of form views by template.
_FORM_VIEWS = {
    "form_views/dw.current": "dw.current_{}",
    "form_views/mart.readable": "mart.{}",
    "form_views/mart.by_area_today": "mart.{}_by_area_today",
}


@dataclass(frozen=True, slots=True)
class SqlObject:
    """A database object, or a group of triggers or policies, with the statements that create it."""

    name: str
    statements: str
    is_view: bool = False

    @property
    def script(self) -> str:
        """The statements that replace an older version: a view may have lost a column."""
        return f"DROP VIEW IF EXISTS {self.name};\n{self.statements}" if self.is_view else self.statements


@cache
def functions() -> tuple[SqlObject, ...]:
    """The functions that need no loaded plan. They come before the tables, whose triggers call them."""
    return tuple(SqlObject(_stem(name), render(name)) for name in template_names("functions"))


@cache
def guards() -> tuple[SqlObject, ...]:
    """Triggers, row policies and planner settings of the tables."""
    context = table_context()
    names = [*template_names("triggers"), *template_names("policies"), "schemas/statistics"]
    return tuple(SqlObject(name, render(name, **context)) for name in names)


@cache
def views() -> tuple[SqlObject, ...]:
    """The views that read tables: three per form, then the others. None of them reads another one."""
    return (*_form_views(), *_other_views())


@cache
def derived_views() -> tuple[SqlObject, ...]:
    """The views that read views of `views()`; they are created again with these."""
    context = {"forms": _forms()}
    names = template_names("derived_views")
    return tuple(SqlObject(_stem(name), render(name, **context), is_view=True) for name in names)


@cache
def declared_context() -> str:
    """All values that the templates get, as text: with the templates it determines every statement."""
    return repr((_forms(), _code_lists(), table_context(), SMALLEST_SHOWN))


def _form_views() -> Iterator[SqlObject]:
    for form in _forms():
        for template, name in _FORM_VIEWS.items():
            statements = render(template, form=form, smallest_shown=SMALLEST_SHOWN)
            yield SqlObject(name.format(form.key), statements, is_view=True)


def _other_views() -> Iterator[SqlObject]:
    context = {
        "forms": _forms(),
        "code_lists": _code_lists(),
        "smallest_shown": SMALLEST_SHOWN,
    }
    for name in template_names("views"):
        yield SqlObject(_stem(name), render(name, **context), is_view=True)


def _forms() -> tuple[FormContext, ...]:
    return tuple(form_context(form) for form in FORMS)


def _code_lists() -> tuple[str, ...]:
    return tuple(code_list.key for code_list in CODE_LISTS)


def table_context() -> dict[str, tuple[str, ...]]:
    """The tables that triggers and policies are created on, by kind."""
    return {
        "append_only_tables": tuple(t.fullname for t in APPEND_ONLY if t not in _ERASABLE),
        "erasable_tables": _names(_ERASABLE),
        "fact_tables": tuple(fact_table(form).fullname for form in FORMS),
        "target_tables": _names(_TARGETS),
        "figure_tables": _names(_FIGURES),
        "area_tables": _names((*_FIGURES, OUTLIER)),
    }


def _names(tables: tuple[Table, ...]) -> tuple[str, ...]:
    return tuple(table.fullname for table in tables)


def _stem(template: str) -> str:
    return template.rpartition("/")[2]
