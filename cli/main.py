"""The command `chitieu`: builds the command line and maps failures to exit codes.

To add a command:

1. Write one function in a module of this package: its parameters are the arguments (types in `cli.options`),
   its docstring is the help, with examples after a line `\\b`. It takes `as_json: Json = False`.
2. Import services inside the function: `chitieu --help` must load neither pandas nor SQLAlchemy nor Prefect.
   The logic belongs into `services`; the function opens the context (with `purpose="read"` unless it loads
   reports or computes figures), calls a service and prints the result with `cli.console`, progress with the
   logger `chitieu`. Failures are raised as `ChitieuError`.
3. Register it in `_COMMANDS` below (or on the group's app, such as `finding_commands.app`).
4. Add a line to the table in `tests/unit/cli/test_help.py`, and a test of what it does.
"""

import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from typing import Annotated

import typer
from typer.exceptions import Abort, Exit, TyperException

from cli import (
    account_commands,
    audit_commands,
    demo,
    doctor_commands,
    export_commands,
    file_commands,
    finding_commands,
    form_commands,
    pipeline_commands,
    plan_commands,
    publish_commands,
    query_commands,
    retraction_commands,
    sample_command,
    server_commands,
)
from cli.failures import exit_code_of, report_usage_error
from cli.log_output import configure_logging
from cli.texts import language

_COMMANDS: dict[str, Callable[..., None]] = {
    "init": pipeline_commands.init,
    "ingest": pipeline_commands.ingest,
    "materialize": pipeline_commands.recompute,
    "targets": query_commands.targets,
    "status": query_commands.status,
    "report": query_commands.report,
    "validate": file_commands.validate,
    "templates": publish_commands.templates,
    "withdraw": retraction_commands.withdraw,
    "purge": retraction_commands.purge,
    "waive": retraction_commands.waive,
    "unwaive": retraction_commands.unwaive,
    "close": pipeline_commands.close,
    "reopen": retraction_commands.reopen,
    "backfill": pipeline_commands.backfill,
    "publish": publish_commands.publish,
    "check": publish_commands.check,
    "export": export_commands.export,
    "dictionary": export_commands.show_dictionary,
    "trace": audit_commands.trace,
    "moved": audit_commands.moved,
    "role": server_commands.area_role,
    "database-url": server_commands.show_database_url,
    "sql": plan_commands.show_sql,
    "stop": server_commands.stop,
    "doctor": doctor_commands.doctor,
    "demo": demo.demo,
    "sample": sample_command.sample,
}
_GROUPS: dict[str, typer.Typer] = {
    "account": account_commands.app,
    "finding": finding_commands.app,
    "audit": audit_commands.app,
    "plan": plan_commands.app,
    "forms": form_commands.app,
}


def build_app() -> typer.Typer:
    """Return the command line with all its commands."""
    # Without Rich: it takes longer to load than everything else that --help needs.
    app = typer.Typer(
        name="chitieu", no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
    )
    app.callback()(_options)
    for name, function in _COMMANDS.items():
        app.command(name)(function)
    for name, group in _GROUPS.items():
        app.add_typer(group, name=name)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"chitieu {version('chitieu')}")
        raise Exit(0)


def _options(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log details as well.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Log warnings and errors only.")] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """From reports on shared drives to the target table of a province's plan.

    Every command states on stderr what it does, prints its result on stdout, and takes --json for a result
    that programs can read. It exits with 0 when it did its job, 2 on a usage or settings error, 1 on any
    other failure. Settings are read from the environment or a file .env; .env.example lists them.

    \b
    Examples:
      chitieu init
      chitieu ingest file:///srv/reports
      chitieu targets --period 2020-Q1
    """
    configure_logging(verbose, quiet)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    status = _run(arguments)
    try:
        sys.stdout.flush()  # at exit an error would be printed
    except BrokenPipeError:
        return _end_without_reader()
    return status


def _run(arguments: Sequence[str] | None) -> int:
    _print_any_letter()
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in given
    language.cache_clear()
    configure_logging()
    try:
        status = build_app()(given, prog_name="chitieu", standalone_mode=False)
    except TyperException as error:
        return report_usage_error(error, as_json)
    except Exit as stop:
        return stop.exit_code
    except SystemExit as stop:
        if not isinstance(stop.__context__, BrokenPipeError):
            raise
        return _end_without_reader()  # Typer exits with 1
    except (Abort, KeyboardInterrupt):
        return exit_code_of(KeyboardInterrupt(), as_json)
    except Exception as error:
        return exit_code_of(error, as_json)
    return status if isinstance(status, int) else 0


def _print_any_letter() -> None:
    """Print letters that the terminal's encoding lacks as their numbers, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _end_without_reader() -> int:
    """End well where the reader of stdout, such as `head`, has closed it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
