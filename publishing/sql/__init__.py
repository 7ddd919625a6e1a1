"""SQL statements of the published pages and documents, one per file."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from sqlalchemy import TextClause, text

_ENVIRONMENT = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - SQL, not HTML


@cache
def statement(name: str, **values: str) -> TextClause:
    """Return the statement in `<name>.sql`, its parameters as `:name`.

    `values` fill the Jinja placeholders of statements that depend on a form's declaration.
    """
    source = files(__package__).joinpath(f"{name}.sql").read_text("utf-8")
    return text(_ENVIRONMENT.from_string(source).render(values))
