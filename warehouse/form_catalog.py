"""The form sets that a connection works with, as an option of its engine, and those of a warehouse."""

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.dialects.postgresql import insert

from plans.model import Plan
from schemas.form_catalog import FormCatalog, default_catalog
from schemas.form_set import FormSet, FormSetError, read_texts
from warehouse.models.tables import DIM_FORM_SET, DIM_PLAN, METADATA
from warehouse.sql_templates import template_names

_OPTION = "chitieu_forms"
_VIEW_KINDS = ("views", "derived_views", "figure_views", "view_functions")
_MAY_READ = text(
    "SELECT has_table_privilege(c.oid, 'SELECT') FROM pg_class AS c"
    " INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid"
    " WHERE n.nspname = 'dw' AND c.relname = 'dim_form_set'"
)


def with_catalog(engine: Engine, catalog: FormCatalog) -> Engine:
    """Return an engine on the same pool whose connections work with the form sets of the catalog."""
    return engine.execution_options(**{_OPTION: catalog})


def catalog_of(source: Connection | Engine) -> FormCatalog:
    """Return the form sets that a connection or an engine works with; without the option the default set."""
    catalog = source.get_execution_options().get(_OPTION)
    return catalog if isinstance(catalog, FormCatalog) else default_catalog()


def form_set_of(connection: Connection, plan: Plan) -> FormSet:
    """Return the form set of a plan. Raises FormSetError where the connection does not have it."""
    return catalog_of(connection).of(plan)


def check_names(catalog: FormCatalog) -> None:
    """Check that no form or code list has the name of a view or table of the product. Raises FormSetError."""
    views = {name.rpartition(".")[2] for kind in _VIEW_KINDS for name in template_names(kind)}
    views |= {table.name for table in METADATA.tables.values() if table.schema == "dw"}
    for form_set in catalog.sets:
        names = {form.key: "form" for form in form_set.forms}
        names |= {f"dim_{code_list.key}": "code list" for code_list in form_set.code_lists.values()}
        for name in sorted(names.keys() & views):
            raise FormSetError(
                f"The {names[name]} {name.removeprefix('dim_')} of the form set {form_set.code} has the name"
                " of a view or table of the warehouse: give it another key, or the set another prefix."
            )


def recorded_form_sets(engine: Engine, known: frozenset[str]) -> dict[str, FormSet]:
    """Return the recorded form sets by the codes of the plans that use them, without those of known codes.

    A set that no plan uses has its own code as key. None are returned to an account that may not read them.
    """
    query = (
        select(DIM_PLAN.c.plan_code, DIM_FORM_SET.c.form_set_code, DIM_FORM_SET.c.files)
        .select_from(
            DIM_FORM_SET.outerjoin(DIM_PLAN, DIM_PLAN.c.form_set_code == DIM_FORM_SET.c.form_set_code)
        )
        .where(DIM_FORM_SET.c.form_set_code.not_in(sorted(known)))
        .order_by(DIM_PLAN.c.plan_code)
    )
    with engine.connect() as connection:
        if not connection.scalar(_MAY_READ):
            return {}
        rows = connection.execute(query).all()
    return {plan or code: read_texts(files, f"form set {code}") for plan, code, files in rows}


def record_form_sets(connection: Connection) -> None:
    """Record the form sets of the connection, with their files, where they differ from what is recorded."""
    rows = [
        {
            "form_set_code": form_set.code,
            "version": form_set.version,
            "title_vi": form_set.title_vi,
            "title_en": form_set.title_en,
            "forms_sha256": form_set.digest,
            "files": dict(form_set.files),
        }
        for form_set in catalog_of(connection).sets
    ]
    statement = insert(DIM_FORM_SET)
    new = {name: statement.excluded[name] for name in rows[0] if name != "form_set_code"}
    statement = statement.on_conflict_do_update(
        index_elements=["form_set_code"], set_=new, where=DIM_FORM_SET.c.files != statement.excluded.files
    )
    connection.execute(statement, rows)
