"""The output of the logger `chitieu` on stderr: sentences for people, or JSON lines with CHITIEU_LOG=json."""

import json
import logging
import sys
from datetime import UTC, datetime

_FIELDS = ("load_id", "body", "form")  # given by `extra` where they are known


def configure_logging(verbose: bool = False, quiet: bool = False) -> None:
    """Send the logger's records to stderr: everything with `verbose`, warnings and errors with `quiet`."""
    logger = logging.getLogger("chitieu")
    logger.setLevel(logging.DEBUG if verbose else logging.WARNING if quiet else logging.INFO)
    logger.propagate = False
    for handler in list(logger.handlers):
        if isinstance(handler, _StderrHandler):
            logger.removeHandler(handler)
    logger.addHandler(_StderrHandler())


class _StderrHandler(logging.Handler):
    """Write to the present stderr, in the style of the settings.

    They are read with the first record: --help does not need them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.style: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record as one line."""
        try:
            self.style = self.style or _style()
            line = as_json_line(record) if self.style == "json" else _sentence(record)
            print(line, file=sys.stderr, flush=True)
        except Exception:
            self.handleError(record)


def _sentence(record: logging.LogRecord) -> str:
    """Return the message of a record in the reader's language."""
    from cli.texts import translated

    text = translated(str(record.msg))
    return text % record.args if record.args else text


def as_json_line(record: logging.LogRecord) -> str:
    """Return a record as JSON: time, level, message, and load_id, body and form where they are known."""
    fields: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "message": record.getMessage(),
    }
    known = {name: getattr(record, name, None) for name in _FIELDS}
    fields |= {name: value for name, value in known.items() if value is not None}
    return json.dumps(fields, ensure_ascii=False)


def _style() -> str:
    from services.settings import SettingsError, read_settings

    try:
        return read_settings().log
    except SettingsError:  # the command reports it
        return "text"
