"""The commands about the database server: its URL, roles of readers, stopping the embedded one."""

import logging
from typing import Annotated

import typer

from cli import console
from cli.options import Json

_LOGGER = logging.getLogger("chitieu")


def show_database_url(
    kind: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="bi|auditor|writer|owner",
            help="Whose account; on the embedded database bi if not given.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print the URL of the database in use, for a BI tool or SQL client; starts the embedded one.

    \b
    Examples:
      chitieu database-url
      psql "$(chitieu database-url --as owner | sed s/+psycopg//)"
    """
    from services.accounts import url_for
    from services.settings import read_settings
    from warehouse.database import connect

    url = url_for(read_settings(), kind)
    connect(url).dispose()
    if as_json:
        console.print_json({"url": url})
    else:
        print(url)


def area_role(
    area: Annotated[str, typer.Argument(metavar="AREA", help="Code of the area; areas in it are included.")],
    as_json: Json = False,
) -> None:
    """Create the database role that sees one area only.

    \b
    Example:
      chitieu role 731
    """
    from services.codes import check_area
    from services.context import open_any
    from warehouse.privacy.roles import create_area_role

    context = open_any(area=area)
    check_area(context.plan, area)
    role = create_area_role(context.engine, context.plan.area, area)
    if as_json:
        console.print_json({"role": role, "area": area})
        return
    name = context.plan.areas_by_code[area].name
    print(f"{role} sees {name} only; grant it to an account: GRANT {role} TO the_account")


def stop(as_json: Json = False) -> None:
    """Stop the embedded server of CHITIEU_HOME, if it runs.

    \b
    Example:
      chitieu stop
    """
    from services.settings import read_settings
    from warehouse.embedded.server import stop_embedded

    home = read_settings().home
    _LOGGER.info("Stopping the embedded PostgreSQL of %s", home)
    stop_embedded(home)
    if as_json:
        console.print_json({"home": str(home), "running": False})
    else:
        print(f"The embedded PostgreSQL of {home} is stopped")
