"""What both peers share: the files in order of arrival, and the line that a main prints at its end."""

import argparse
import hashlib
import json
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

from plans.model import Plan
from plans.reading import DEFAULT_PLAN, read_plan
from services.reader_pool import Job

Figure = tuple[float | None, float | None]
SCHEMA = "peer"


def plan_asked() -> Plan:
    """Return the plan of CHITIEU_PLAN, or the shipped one."""
    return read_plan(Path(os.environ.get("CHITIEU_PLAN") or DEFAULT_PLAN))


def arguments(doc: str | None, prog: str) -> argparse.ArgumentParser:
    """The arguments that every peer takes."""
    parser = argparse.ArgumentParser(prog=prog, description=doc)
    parser.add_argument("drive", type=Path)
    parser.add_argument("database_url")
    return parser


def engine_of(url: str) -> Engine:
    """An engine on the database, whatever driver its URL names."""
    return create_engine(f"postgresql+psycopg://{url.partition('://')[2]}")


def arrivals(drive: Path) -> Iterator[Job]:
    """The files below the bodies' folders, oldest first; the same content of the same body only once."""
    seen: set[tuple[str, str]] = set()
    files = [path for path in drive.glob("*/**/*") if path.is_file()]
    for number, path in enumerate(sorted(files, key=lambda path: (path.stat().st_mtime, str(path)))):
        content = path.read_bytes()
        body, name = path.relative_to(drive).parts[0], path.name
        digest = hashlib.sha256(content).hexdigest()
        if (body, digest) not in seen:
            seen.add((body, digest))
            yield Job(number, content, digest, name, body)


def read_figures(engine: Engine, table: str) -> dict[tuple[str, str, str], Figure]:
    """Numerator and denominator by target, area and period."""
    names = ", ".join(f"{name}_code" for name in ("target", "area", "period"))
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT {names}, numerator, denominator FROM {table}"))
        return {(row[0], row[1], row[2]): (_number(row[3]), _number(row[4])) for row in rows}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def print_result(engine: Engine, plan: Plan, parts: dict[str, float]) -> None:
    """Print the line that every peer ends with; T8, which has no province, as the sum of its communes."""
    year = f"{plan.year}-Y"
    figures: dict[str, list[float | None]] = {}
    for (target, area, period), (above, below) in sorted(
        read_figures(engine, f"{SCHEMA}.target_indicator").items()
    ):
        if period == year and area == plan.area:
            figures[target] = [above, below]
        elif period == year and target == "T8":
            so_far = figures.get(target, [0, 0])
            figures[target] = [(so_far[0] or 0) + (above or 0), (so_far[1] or 0) + (below or 0)]
    used = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    result: dict[str, Any] = {"seconds": round(sum(parts.values()), 2), "peak_mb": round(sum(used) / 1024)}
    if len(parts) > 1:
        result |= {name: round(seconds, 2) for name, seconds in parts.items()}
    print(json.dumps(result | {"figures": figures}))
