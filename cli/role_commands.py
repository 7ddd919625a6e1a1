"""The command that makes roles of the database for readers of one area."""

import argparse

from cli import console
from services.context import open_context
from services.settings import SettingsError
from warehouse.privacy.roles import create_area_role


def area_role(asked: argparse.Namespace) -> None:
    """Make the role that sees an area alone, and say how to grant it."""
    work = open_context()
    if asked.area not in work.plan.areas_by_code:
        raise SettingsError(f"The plan {work.plan.code} has no area {asked.area}.")
    role = create_area_role(work.engine, work.plan.area, asked.area)
    if asked.json:
        return console.print_json({"role": role, "area": asked.area})
    name = work.plan.areas_by_code[asked.area].name
    print(f"{role} sees {name} alone; grant it to an account: GRANT {role} TO the_account")
    return None
