"""The command that examines an installation."""

import logging

import typer

from cli import console
from cli.options import Json

_LOGGER = logging.getLogger("chitieu")


def doctor(as_json: Json = False) -> None:
    """Examine settings, drives, database, disk, clock and versions; changes nothing.

    Each line is OK, a warning or a fault, with what to do. The exit code is 1 if there is a fault.

    \b
    Examples:
      chitieu doctor
      chitieu doctor --json
    """
    from services.doctor import report
    from services.doctor.examination import examine

    _LOGGER.info("Examining this installation")
    lines = []
    for line in examine():
        lines.append(line)
        if not as_json:
            print(f"{line.state.upper():8}{line.topic:10}{console.shown(line.message)}", flush=True)
            if line.remedy:
                print(f"{'':18}-> {console.shown(line.remedy)}", flush=True)
    if as_json:
        console.print_json(report.as_json(lines))
    if report.has_fault(lines):
        raise typer.Exit(1)
