"""The commands about accounts of the database: create, rotate, revoke."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli import console
from cli.options import Json

if TYPE_CHECKING:
    from services.accounts import Login

_Name = Annotated[str, typer.Argument(metavar="NAME", help="Name: lower-case letters, digits, _.")]

app = typer.Typer(
    help="Create, rotate and revoke accounts of readers.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def create(
    name: _Name,
    kind: Annotated[
        str, typer.Option("--as", metavar="bi|auditor|writer|area:CODE", help="What the account may do.")
    ],
    as_json: Json = False,
) -> None:
    """Create an account with one of the warehouse's roles; prints its URL once.

    If the database's account may not do so, the message has the SQL for an administrator.

    \b
    Examples:
      chitieu account create power_bi --as bi
      chitieu account create bien_hoa --as area:731
    """
    from services import accounts
    from services.context import open_any

    context = open_any(purpose="write", area=kind.removeprefix("area:"))
    _print_login(accounts.create(context, name, kind), as_json)


@app.command()
def rotate(name: _Name, as_json: Json = False) -> None:
    """Give an account a new password; prints its URL once.

    \b
    Example:
      chitieu account rotate power_bi
    """
    from services import accounts
    from services.context import open_any

    _print_login(accounts.rotate(open_any(purpose="write"), name), as_json)


@app.command()
def revoke(name: _Name, as_json: Json = False) -> None:
    """Drop an account; its open sessions lose their rights.

    \b
    Example:
      chitieu account revoke power_bi
    """
    from services import accounts
    from services.context import open_any

    accounts.revoke(open_any(purpose="write"), name)
    if as_json:
        console.print_json({"name": name, "revoked": True})
    else:
        print(f"The account {name} is dropped")


def _print_login(login: "Login", as_json: bool) -> None:
    if as_json:
        console.print_json({"name": login.name, "password": login.password, "url": login.url})
    else:
        print(login.url)
