"""Report failures on stderr, as a sentence or as one line of JSON, and return the exit code."""

import json
import logging
import sys

from typer.exceptions import TyperException

from plans.errors import ChitieuError, UsageError

_LOGGER = logging.getLogger("chitieu")
_INSUFFICIENT_PRIVILEGE = "42501"  # an SQLSTATE


def exit_code_of(error: BaseException, as_json: bool) -> int:
    """Report an error and return its exit code; an exception that is a bug is raised again."""
    known = _as_known_error(error)
    if known is None:
        raise error
    _report(known, as_json)
    return known.exit_code


def report_usage_error(error: TyperException, as_json: bool) -> int:
    """Report a command line that Typer cannot parse; returns its exit code, 2."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "chitieu"
    if type(error).__name__ == "NoArgsIsHelpError":  # its message is the help
        print(error.format_message(), file=sys.stderr)
        return error.exit_code
    message = f"{error.format_message().rstrip('.')}."
    _report(UsageError(message, _usage_hint(error, path)), as_json)
    return error.exit_code


def _usage_hint(error: TyperException, path: str) -> str:
    """What to do about a command line: where an option of the program stands, or to read the help."""
    context, option = getattr(error, "ctx", None), getattr(error, "option_name", "")
    root = context.find_root() if context else None
    if root and option and any(option in parameter.opts for parameter in root.command.params):
        command = path.removeprefix(f"{root.command_path} ")
        return f"It comes before the command: {root.command_path} {option} {command}."
    return f"Run {path} --help for its arguments."


def _as_known_error(error: BaseException) -> ChitieuError | None:
    """Return failures that are not bugs as errors of ours."""
    if isinstance(error, ChitieuError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return ChitieuError(
            "Interrupted; what was loaded is complete.", "The next run loads the rest.", retryable=True
        )
    refusal = getattr(error, "orig", None)  # what the database answered to a statement
    if getattr(refusal, "sqlstate", None) == _INSUFFICIENT_PRIVILEGE:
        return ChitieuError(
            f"The database's account may not do this: {str(refusal).splitlines()[0]}.",
            "chitieu database-url --as auditor gives one that reads everything, --as writer one that loads.",
        )
    if isinstance(error, OSError):  # a file or folder that the command line names
        return ChitieuError(f"{error}.")
    return None


def _report(error: ChitieuError, as_json: bool) -> None:
    if as_json:
        fields = {
            "code": error.code,
            "message": str(error),
            "hint": error.hint,
            "retryable": error.retryable,
        }
        print(json.dumps({"error": fields}, ensure_ascii=False), file=sys.stderr)
        return
    _LOGGER.error("chitieu: %s", f"{error} {error.hint}".strip())
