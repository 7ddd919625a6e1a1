"""The commands that hand the warehouse to other programs."""

import argparse
import json
from pathlib import Path

from cli import console
from publishing.exports.star_schema import dhis2_data_values, export_star_schema
from services.context import open_context
from warehouse.data_dictionary import dictionary


def export(asked: argparse.Namespace) -> None:
    """Write the star schema as Parquet with its descriptor, or the target table for DHIS2."""
    work = open_context()
    out = Path(asked.out).absolute() if asked.out else work.settings.home / "export"
    console.say(f"Writing to {out}")
    with work.engine.connect() as connection:
        if asked.format == "parquet":
            files = export_star_schema(connection, out, work.now)
        else:
            out.mkdir(parents=True, exist_ok=True)
            files = [out / f"dhis2-{work.plan.code}.json"]
            values = dhis2_data_values(connection, work.plan)
            files[0].write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
    if asked.json:
        return console.print_json({"out": str(out), "files": [file.name for file in files]})
    for file in files:
        print(file)
    return None


def show_dictionary(asked: argparse.Namespace) -> None:
    """Print the data dictionary of the warehouse."""
    work = open_context()
    with work.engine.connect() as connection:
        page = dictionary(connection)
    if asked.json:
        return console.print_json({"markdown": page})
    print(page, end="")
    return None
