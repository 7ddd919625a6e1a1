"""Whom a site is for, and the part of its rows that this reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

from sqlalchemy import Connection

from publishing.site.page_queries import FrozenRow, SubmissionRow, TargetRow
from publishing.site.site_data import SiteData
from publishing.sql import statement

_Key = tuple[object, object, object]


class AudienceKind(StrEnum):
    """Readers who see everything, figures with small counts withheld, or the same of one area."""

    AUDITOR = "auditor"
    BI = "bi"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Audience:
    """The readers of a site; `area` is the code of the area whose readers they are."""

    kind: AudienceKind = AudienceKind.AUDITOR
    area: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the readers see everything: source cells, audit chain, checks, documents."""
        return self.kind is AudienceKind.AUDITOR

    @property
    def gets_files(self) -> bool:
        """Whether blank forms and returned files are for these readers."""
        return self.kind is not AudienceKind.BI

    @property
    def folder(self) -> str:
        """The name of the folder of their site in CHITIEU_HOME."""
        return "-".join(part for part in ("published", self.kind.replace("auditor", ""), self.area) if part)


EVERYTHING = Audience()
_PARTS = ("numerator", "denominator", "value")


def as_seen(data: SiteData, reader: Connection, audience: Audience) -> SiteData:
    """Return the part of the rows that the readers may see; `reader` is connected with their rights.

    The views of mart decide on figures and reports. Sheets are shown to the readers of the area alone whose
    bodies sent them.
    """
    submissions = [s for s in data.submissions if _is_shown(data, s, audience)]
    shown = {s["submission_id"] for s in submissions}
    figures = _rows(reader, "seen_figures", data)
    seen: dict[_Key, dict[str, object]] = {
        (row["target_code"], row["area_code"], row["period_code"]): row for row in figures
    }
    targets = []
    for row in data.targets:
        own = seen.get((row["target_code"], row["area_code"], row["period_code"]))
        if own:
            targets.append(cast(TargetRow, {**row, **own}))
    reports = _rows(reader, "seen_reports", data)
    keys = {(r["body_code"], r["form_code"], r["period_code"]) for r in reports}
    return replace(
        data,
        targets=targets,
        reports=[
            {**r, "submission_id": r["submission_id"] if r["submission_id"] in shown else None}
            for r in data.reports
            if (r["body_code"], r["form_code"], r["period_code"]) in keys
        ],
        submissions=submissions,
        findings={number: found for number, found in data.findings.items() if number in shown},
        frozen=_frozen(reader, data, seen, shown),
    )


def _is_shown(data: SiteData, submission: SubmissionRow, audience: Audience) -> bool:
    body = data.plan.bodies_by_code.get(submission["body_code"])
    return bool(body and audience.area in data.plan.ancestors(body.area))


def _frozen(
    reader: Connection, data: SiteData, seen: Mapping[_Key, dict[str, object]], shown: set[int]
) -> list[FrozenRow]:
    frozen = {
        (row["snapshot_code"], row["target_code"], row["edition"]): row
        for row in _rows(reader, "seen_snapshots", data)
        if row["area_code"] == data.area
    }
    rows: list[FrozenRow] = []
    for row in data.frozen:
        key = (row["snapshot_code"], row["target_code"], row["edition"])
        if key in frozen:
            now = seen.get((row["target_code"], data.area, row["snapshot_code"]), {})
            values = {f"frozen_{part}": frozen[key][part] for part in _PARTS}
            values |= {f"current_{part}": now.get(part) for part in _PARTS}
            moved_by = [number for number in row["moved_by"] if number in shown]
            rows.append(cast(FrozenRow, {**row, **values, "moved_by": moved_by}))
    return rows


def _rows(reader: Connection, name: str, data: SiteData) -> list[dict[str, object]]:
    rows = reader.execute(statement(name), {"plan": data.plan.code}).mappings()
    return [dict(row) for row in rows]
