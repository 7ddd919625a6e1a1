"""Load the .sql files of `warehouse/sql` and render those that are Jinja templates.

A template gets its values from the caller and fails on a name that it was not given. Identifiers and
literals are quoted by the filters `ident` and `literal`.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql
from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    from jinja2 import Environment

SQL_FOLDER = Path(__file__).parent / "sql"
_QUOTE = postgresql.dialect().identifier_preparer.quote  # type: ignore[no-untyped-call]


def quote_identifier(name: str) -> str:
    """Quote each part of a name such as `dw.dim_area` where PostgreSQL requires it."""
    return ".".join(_QUOTE(part) for part in name.split("."))


def quote_literal(value: object) -> str:
    """Write a value as an SQL literal."""
    return sql.Literal(value).as_string()


def render(name: str, /, **values: object) -> str:
    """Render the template `name`, a path below `warehouse/sql` without its ending `.sql`."""
    return _environment().get_template(f"{name}.sql").render(values).strip()


@cache
def read_sql(name: str) -> str:
    """Read a .sql file that is no template: an ordinary query with bind parameters."""
    return (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8").strip()


def template_names(folder: str) -> list[str]:
    """The names of the templates in a folder of `warehouse/sql`, sorted."""
    return sorted(f"{folder}/{path.stem}" for path in (SQL_FOLDER / folder).glob("*.sql"))


@cache
def sources_digest() -> str:
    """The hash of all .sql files with their paths, in hex; it costs no rendering."""
    digest = sha256()
    for path in sorted(SQL_FOLDER.rglob("*.sql")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(SQL_FOLDER).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # 0.1 s that only a migration needs

    environment = Environment(  # noqa: S701 - SQL, where HTML escapes would be wrong
        loader=FileSystemLoader(SQL_FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update({"ident": quote_identifier, "literal": quote_literal})
    return environment
