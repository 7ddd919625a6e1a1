"""The commands of auditors: where a figure comes from, and whether everything is as it was recorded."""

import argparse

from cli import console
from services import audit_checks
from services.context import check_period, open_context
from services.settings import SettingsError
from warehouse import queries
from warehouse.indicators import lineage

_CELL_COLUMNS = (
    ("part", "Part"), ("sign", "Sign"), ("measure", "Measure"), ("body_code", "Body"), ("area_name", "Area"),
    ("period_code", "Period"), ("file_name", "File"), ("sheet_name", "Sheet"), ("cell", "Cell"),
    ("value", "Value"), ("sha256", "SHA-256"),
)  # fmt: skip

_FIGURE_COLUMNS = (
    ("target_code", "Target"), ("area_code", "Area"), ("period_code", "Period"), ("part", "Part"),
)  # fmt: skip
_MOST_LINES = 20


_PLACE = ("body_code", "file_name", "sheet_name", "cell")


def trace(asked: argparse.Namespace) -> None:
    """Print every source cell behind a figure."""
    work = open_context()
    check_period(work.plan, asked.period)
    area = asked.area or work.plan.area
    if area not in work.plan.areas_by_code:
        raise SettingsError(f"The plan {work.plan.code} has no area {area}.")
    target = next((t for t in work.plan.targets if t.code == asked.target), None)
    if target is None:
        codes = ", ".join(t.code for t in work.plan.targets)
        raise SettingsError(f"The plan {work.plan.code} has no target {asked.target}; it has {codes}.")
    with work.engine.connect() as connection:
        rows = queries.targets(connection, work.plan, asked.period, area)
        cells = lineage.trace(connection, work.plan, target.code, asked.period, area)
    figure = next((row for row in rows if row["target_code"] == target.code), None)
    if asked.json:
        return console.print_json({"figure": figure, "cells": cells})
    console.print_table(
        _CELL_COLUMNS, cells, work.zone, f"{target.code} {target.label_vi}, {area}, {asked.period}"
    )
    numerator, denominator = lineage.recompute(cells, target)
    over = f" / {console.shown(denominator)}" if denominator is not None else ""
    print(f"{len(cells)} sources give {console.shown(numerator)}{over}", end="")
    print(f"; the table says {console.shown(figure['value'])} {figure['unit']}" if figure else "")
    return None


def moved(asked: argparse.Namespace) -> None:
    """Print every figure that a cell of a submission has a part in now."""
    work = open_context()
    cell = asked.cell.upper()
    with work.engine.connect() as connection:
        sheet, _ = queries.submission_report(connection, asked.submission)
        place = (sheet["body_code"], sheet["file_name"], sheet["sheet_name"], cell)
        figures = lineage.figures_of_cell(connection, work.plan, *place)
    if asked.json:
        return console.print_json({"cell": dict(zip(_PLACE, place, strict=True)), "figures": figures})
    if not figures:
        print(f"No figure draws on {cell} of submission {asked.submission} now.")
        return None
    console.print_table(_FIGURE_COLUMNS, figures, work.zone, f"{cell} of submission {asked.submission}")
    return None


def verify(asked: argparse.Namespace) -> None:
    """Check chain, warehouse and archive; with --replay derive a period again. Raises AuditError."""
    work = open_context()
    if asked.replay:
        check_period(work.plan, asked.replay)
    console.say("Checking the audit chain, the facts and the archive")
    wrong = audit_checks.verify(work, asked.head)
    if asked.replay and not wrong:
        console.say(f"Deriving {asked.replay} again from the archive alone")
        wrong = audit_checks.replay(work, asked.replay)
    with work.engine.connect() as connection:
        head = audit_checks.chain_head(connection)
    if asked.json:
        console.print_json({"sound": not wrong, "wrong": wrong, "head": head, "replayed": asked.replay})
    if wrong:
        for line in [] if asked.json else wrong[:_MOST_LINES]:
            print(line)
        if len(wrong) > _MOST_LINES and not asked.json:
            print(f"and {len(wrong) - _MOST_LINES} more (--json lists all)")
        raise audit_checks.AuditError(wrong[0])
    if not asked.json:
        print(f"Everything is as it was recorded; the chain's head is {head or 'not there yet'}")
