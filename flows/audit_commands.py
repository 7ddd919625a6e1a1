"""The commands of auditors: where a figure comes from, and whether everything is as it was recorded."""

import argparse

from flows import auditing, showing
from flows.commands import check_period, start
from flows.settings import SettingsError
from warehouse import queries, tracing

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


class AuditError(RuntimeError):
    """Something is not as it was recorded; the message is the first thing that is wrong."""


def trace(asked: argparse.Namespace) -> None:
    """Print every source cell behind a figure."""
    work = start()
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
        cells = tracing.trace(connection, work.plan, target.code, asked.period, area)
    figure = next((row for row in rows if row["target_code"] == target.code), None)
    if asked.json:
        return showing.print_json({"figure": figure, "cells": cells})
    showing.print_table(_CELL_COLUMNS, cells, work.zone, f"{target.code} {target.vi}, {area}, {asked.period}")
    numerator, denominator = tracing.reckon(cells, target)
    over = f" / {showing.shown(denominator)}" if denominator is not None else ""
    print(f"{len(cells)} sources give {showing.shown(numerator)}{over}", end="")
    print(f"; the table says {showing.shown(figure['value'])} {figure['unit']}" if figure else "")
    return None


def moved(asked: argparse.Namespace) -> None:
    """Print every figure that a cell of a submission has a part in now."""
    work = start()
    cell = asked.cell.upper()
    with work.engine.connect() as connection:
        sheet, _ = queries.submission_report(connection, asked.submission)
        place = (sheet["body_code"], sheet["file_name"], sheet["sheet_name"], cell)
        figures = tracing.figures_of_cell(connection, work.plan, *place)
    if asked.json:
        return showing.print_json({"cell": dict(zip(_PLACE, place, strict=True)), "figures": figures})
    if not figures:
        print(f"No figure draws on {cell} of submission {asked.submission} now.")
        return None
    showing.print_table(_FIGURE_COLUMNS, figures, work.zone, f"{cell} of submission {asked.submission}")
    return None


def verify(asked: argparse.Namespace) -> None:
    """Check chain, warehouse and archive; with --replay derive a period again. Raises AuditError."""
    work = start()
    if asked.replay:
        check_period(work.plan, asked.replay)
    showing.say("Checking the audit chain, the facts and the archive")
    wrong = auditing.verify(work, asked.head)
    if asked.replay and not wrong:
        showing.say(f"Deriving {asked.replay} again from the archive alone")
        wrong = auditing.replay(work, asked.replay)
    with work.engine.connect() as connection:
        head = auditing.chain_head(connection)
    if asked.json:
        showing.print_json({"sound": not wrong, "wrong": wrong, "head": head, "replayed": asked.replay})
    if wrong:
        for line in [] if asked.json else wrong[:_MOST_LINES]:
            print(line)
        if len(wrong) > _MOST_LINES and not asked.json:
            print(f"and {len(wrong) - _MOST_LINES} more (--json lists all)")
        raise AuditError(wrong[0])
    if not asked.json:
        print(f"Everything is as it was recorded; the chain's head is {head or 'not there yet'}")
