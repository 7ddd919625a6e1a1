"""The command `chitieu`: what it takes, what it answers, how it fails."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TypeAlias

Add = Callable[[str, str, str], argparse.ArgumentParser]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def parser() -> argparse.ArgumentParser:
    """The parser of the command line; heavy modules are only imported for the command that is run."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print the result as JSON")
    top = argparse.ArgumentParser(
        prog="chitieu",
        description="From reports on shared drives to the target table of a province's plan.",
        epilog="Settings come from the environment or a file .env: CHITIEU_HOME, CHITIEU_DATABASE_URL,"
        " CHITIEU_SOURCES, CHITIEU_PLAN, CHITIEU_NOW.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, function: str, help_text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help_text, description=help_text, parents=[common])
        command.set_defaults(function=function)
        return command

    _add_pipeline(add)
    _add_findings(commands, common)
    _add_readers(add)
    _add_audit(commands, common)
    role = add("role", "role_commands.area_role", "make the database role that sees one area alone")
    role.add_argument("area", metavar="AREA", help="code of the area, which it sees with all that lies in it")
    add("dictionary", "export_commands.show_dictionary", "print what stands in which table, as Markdown")
    add("database-url", "pipeline_commands.show_database_url", "print the URL for a BI tool or SQL client")
    add("demo", "demo.demo", "build a sample drive, ingest it and show the target table")
    return top


def _add_pipeline(add: Add) -> None:
    """What the data engineer runs."""
    add(
        "init",
        "pipeline_commands.init",
        "create or migrate the database and load the plan",
    )
    ingest = add("ingest", "pipeline_commands.ingest", "pull, validate and load what is new on the drives")
    ingest.add_argument("urls", nargs="*", metavar="URL", help="drives (default: CHITIEU_SOURCES)")
    materialize = add("materialize", "pipeline_commands.recompute", "recompute the target tables")
    materialize.add_argument(
        "periods", nargs="*", metavar="PERIOD", help="2020-M03, 2020-Q1, 2020-H1, 2020-Y"
    )
    targets = add("targets", "query_commands.targets", "print the target table")
    targets.add_argument("--period", help="period code (default: the last one with reports)")
    targets.add_argument("--area", metavar="CODE", help="area code (default: the whole province)")
    known = targets.add_mutually_exclusive_group()
    known.add_argument("--as-of", metavar="TIMESTAMP", help="as it was known at that moment")
    known.add_argument("--snapshot", metavar="PERIOD", help="as it was frozen when the period was closed")
    close = add("close", "pipeline_commands.close", "freeze the figures of a period as a snapshot")
    close.add_argument("period", metavar="PERIOD")
    backfill = add("backfill", "pipeline_commands.backfill", "derive periods again from the archive")
    backfill.add_argument("--from", dest="first", required=True, metavar="PERIOD", help="the first period")
    backfill.add_argument("--to", dest="last", required=True, metavar="PERIOD", help="the last period")
    backfill.add_argument("--plan", action="store_true", help="only say which figures would change")
    status = add("status", "query_commands.status", "print who has sent what, and what is late or missing")
    status.add_argument("--period", help="period code (default: all)")
    waive = add("waive", "pipeline_commands.waive", "free a body from one report, with the reason on record")
    for name in ("body", "form", "period"):
        waive.add_argument(name, metavar=name.upper())
    waive.add_argument("--why", required=True, metavar="TEXT", help="the reason, kept on record")
    report = add("report", "query_commands.report", "print the validation report of a submission")
    report.add_argument("submission", type=int, metavar="SUBMISSION", help="its number, as status shows it")


def _add_findings(commands: Commands, common: argparse.ArgumentParser) -> None:
    finding = commands.add_parser("finding", help="what is open, explained or accepted of what was found")
    lives = finding.add_subparsers(dest="life", metavar="list|explain|accept", required=True)
    for name, function, told in (
        ("list", "list_findings", "print the findings that stand, how long and whose"),
        ("explain", "explain", "note what the body says of a finding"),
        ("accept", "accept", "note that a named role lets a warning stand until a day"),
    ):
        life = lives.add_parser(name, parents=[common], help=told, description=told)
        life.set_defaults(function=f"finding_commands.{function}")
        if name == "list":
            life.add_argument("--all", action="store_true", help="also those that are gone with a revision")
            continue
        life.add_argument("finding", metavar="SUBMISSION/NUMBER", help="as finding list names it: 12/1")
        life.add_argument("--why", required=True, metavar="TEXT", help="the reason, kept in the audit chain")
        if name == "accept":
            life.add_argument(
                "--by", required=True, metavar="ROLE", help="who lets it stand: an office's role"
            )
            life.add_argument("--until", required=True, metavar="DAY", help="until when: 2020-12-31")


def _add_readers(add: Add) -> None:
    """What is written or printed for clerks, auditors and other programs."""
    templates = add("templates", "publish_commands.templates", "write the blank forms of bodies for a period")
    templates.add_argument("--body", metavar="CODE", help="body code (default: all)")
    templates.add_argument("--period", help="period code (default: those whose window is open today)")
    templates.add_argument("--out", metavar="DIR", help="the folder (default: templates in CHITIEU_HOME)")
    publish = add("publish", "publish_commands.publish", "write the pages for auditors and clerks")
    publish.add_argument("--out", metavar="DIR", help="the folder (default: published in CHITIEU_HOME)")
    add("check", "publish_commands.check", "hold the warehouse against what must be, as before publishing")
    export = add("export", "export_commands.export", "hand the warehouse to other programs")
    export.add_argument(
        "--format",
        choices=("parquet", "dhis2"),
        default="parquet",
        help="parquet: the star schema with a descriptor (default); dhis2: the target table as dataValueSets",
    )
    export.add_argument("--out", metavar="DIR", help="the folder (default: export in CHITIEU_HOME)")
    trace = add("trace", "audit_commands.trace", "print every source cell behind a figure")
    trace.add_argument("target", metavar="TARGET", help="code of the target: T1")
    trace.add_argument("--period", required=True, help="period code")
    trace.add_argument("--area", metavar="CODE", help="area code (default: the whole province)")
    moved = add(
        "moved", "audit_commands.moved", "print every figure that a cell of a submission has a part in"
    )
    moved.add_argument("submission", type=int, metavar="SUBMISSION", help="its number, as status shows it")
    moved.add_argument("cell", metavar="CELL", help="the cell: D11")


def _add_audit(commands: Commands, common: argparse.ArgumentParser) -> None:
    audit = commands.add_parser("audit", help="check that everything is as it was recorded")
    duties = audit.add_subparsers(dest="duty", metavar="verify", required=True)
    verify = duties.add_parser("verify", parents=[common], help="check the audit chain, facts and archive")
    verify.add_argument(
        "--replay", metavar="PERIOD", help="also derive a period again from the archive alone"
    )
    verify.add_argument("--head", metavar="HEX", help="a head of the chain that was published")
    verify.set_defaults(function="audit_commands.verify")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when it did its job, 2 for a usage or settings error, 1 for any other failure."""
    asked = parser().parse_args(arguments)
    module, name = asked.function.split(".")
    try:
        from plans.reading import PlanError
        from services.settings import SettingsError

        function: Callable[[argparse.Namespace], None] = getattr(import_module(f"cli.{module}"), name)
        function(asked)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _fail("Interrupted; what was loaded is whole, the next run takes in the rest.", 1)
    except (SettingsError, PlanError) as error:
        return _fail(str(error), 2)
    except Exception as error:
        if sentence := _sentence(error):
            return _fail(sentence, 1)
        raise
    return 0


def _sentence(error: Exception) -> str | None:
    """What went wrong, for failures that are no fault of the program: one sentence; None for a bug."""
    from sqlalchemy.exc import OperationalError

    from drives.archive import ArchiveError
    from drives.listing import DriveError
    from services.audit_checks import AuditError
    from warehouse.database import DatabaseError
    from warehouse.embedded.server import EmbeddedServerError
    from warehouse.history.snapshots import CannotCloseError
    from warehouse.quality.checkpoint import CheckpointError
    from warehouse.queries import NotFoundError

    told = (
        *(ArchiveError, AuditError, CheckpointError, DriveError, DatabaseError, EmbeddedServerError),
        *(NotFoundError, CannotCloseError),
    )
    if isinstance(error, told):
        return str(error)
    if isinstance(error, OperationalError):
        return f"The database failed: {str(error.orig).strip().splitlines()[-1]}."
    if isinstance(error, OSError):
        return f"{error}."
    return None


def _fail(sentence: str, status: int) -> int:
    print(f"chitieu: {sentence}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
