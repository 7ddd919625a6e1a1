"""The answers to docs/questions.md, computed from the cells of the sample drive without the warehouse.

The drive arrives on set days; a period is closed, a report is revised afterwards, and the next year begins.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.history import plan_of
from benchmarks.truth import compute_targets
from plans.reporting_calendar import due_at, period_from_code, scheduled_periods
from tests.support.forms import BY_CODE, CODE_LISTS
from tests.support.paths import ROOT, SAMPLE
from tests.support.pipeline import PLAN
from tests.support.reports import district_rows

_PAGE = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
QUESTIONS = dict(re.findall(r"^## (\d+)\. .*?^```sql\n(.*?)^```", _PAGE, re.MULTILINE | re.DOTALL))
Entry = dict[str, Any]
Rows = list[tuple[Any, ...]]
NEXT_PLAN = plan_of(PLAN, 2021)
CLOSED, REVISED, ASKED = (datetime(*day, tzinfo=UTC) for day in ((2020, 4, 1), (2020, 4, 5), (2021, 1, 25)))
ZONE = ZoneInfo(PLAN.calendar.timezone)


def sample_truth() -> list[Entry]:
    return list(json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8")))


def received(entry: Entry) -> datetime:
    """When a file of the sample arrives in this test: 1 to 9 days after the window, some of them late."""
    window_end = period_from_code(entry["period"], PLAN.calendar).window_end
    days = 1 + len(entry["path"]) % 9
    return datetime.combine(window_end + timedelta(days=days), datetime.min.time(), ZONE).replace(hour=9)


def revised_rows() -> list[Entry]:
    """The police's February with two more prosecuted cases in the first district."""
    (entry,) = (e for e in sample_truth() if (e["form"], e["period"]) == ("01-PCMD", "2020-M02"))
    first, *others = entry["rows"]
    more = {"cases_prosecuted": first["cases_prosecuted"] + 2, "cases_detected": first["cases_detected"] + 2}
    return [first | more, *others]


def next_year_rows() -> list[Entry]:
    codes = [area.code for area in PLAN.areas if area.level == "district"]
    return [
        {**row, "district": code, "cases_detected": number, "cases_prosecuted": number % 3}
        for number, (code, row) in enumerate(zip(codes, district_rows("01-PCMD"), strict=True))
    ]


@cache
def truth() -> list[Entry]:
    """The accepted and rejected sheets, with the revision in place of what it replaces."""
    entries = sample_truth()
    for entry in entries:
        if (entry["form"], entry["period"]) == ("01-PCMD", "2020-M02"):
            entry["rows"] = revised_rows()
    return entries


def accepted(form: str) -> list[Entry]:
    return [e for e in truth() if e["form"] == form and e["expect"] == "accepted"]


def window_end(period: str) -> date:
    return period_from_code(period, PLAN.calendar).window_end


def area_name(code: str) -> str:
    return PLAN.areas_by_code[code].name


def cases_by_district() -> Rows:
    cases: Counter[str] = Counter()
    for entry in accepted("01-PCMD"):
        for row in entry["rows"]:
            cases[area_name(row["district"])] += row["cases_detected"]
    return sorted(cases.items())


def cases_by_month() -> Rows:
    return [
        (
            e["period"],
            period_from_code(e["period"], PLAN.calendar).window_start,
            window_end(e["period"]),
            sum(row["cases_detected"] for row in e["rows"]),
        )
        for e in sorted(accepted("01-PCMD"), key=lambda e: e["period"])
    ]


def establishments_by_type() -> Rows:
    (types,) = (one for one in CODE_LISTS if one.key == "establishment_type")
    rows = [row for e in accepted("03-PCMD") for row in e["rows"]]
    answer = []
    for code in types.codes:
        of_type = [row for row in rows if row["establishment_type"] == code.code]
        inspected, violating = (sum(row[key] for row in of_type) for key in ("inspected", "violating"))
        share = round(Decimal(100 * violating) / inspected, 1) if inspected else None
        answer.append((code.label_vi, inspected, violating, share))
    return answer


@cache
def figures() -> dict[tuple[str, str, str], tuple[Any, Any]]:
    return compute_targets(PLAN, truth())


def figure(target: str, area: str, period: str) -> tuple[Any, Any, float | None]:
    numerator, denominator = figures()[target, area, period]
    share = next(t for t in PLAN.targets if t.code == target).unit == "percent"
    if not share:
        return numerator, denominator, numerator
    known = numerator is not None and denominator
    return numerator, denominator, 100 * numerator / denominator if known else None


def final(target: str, period: str) -> bool:
    """Whether all reports that the target reads and that are owed up to the period are in."""
    owed = {"T1": ("01-PCMD", ("CAT",)), "T6": ("05-PCMD", None)}
    form, bodies = owed[target]
    received = {(e["body"], e["period"]) for e in accepted(form)}
    expected = {key for key in obligations() if key[1] == form and (bodies is None or key[0] in bodies)}
    return all((body, p) in received for body, _, p in expected if window_end(p) <= window_end(period))


def targets_of_the_province() -> Rows:
    """Code to value, and the threshold; status and verdict have tests of their own."""
    return [
        (t.code, t.label_vi, *figure(t.code, "75", "2020-Q1"), t.threshold)
        for t in PLAN.targets
        if "province" in t.reported_levels
    ]


def months_of_a_target() -> Rows:
    answer, before = [], 0
    for month in ("2020-M01", "2020-M02", "2020-M03"):
        so_far = figure("T1", "75", month)[0]
        answer.append((month, so_far - before, so_far))
        before = so_far
    return answer


def districts_ranked() -> Rows:
    codes = [a.code for a in PLAN.areas if a.level == "district"]
    values = {area_name(code): figure("T5", code, "2020-M03")[2] for code in codes}
    known = {name: value for name, value in values.items() if value is not None}
    ranked = [(name, v, 1 + sum(other > v for other in known.values())) for name, v in known.items()]
    return sorted(ranked, key=lambda row: (row[2], row[0]))


@cache
def obligations() -> dict[tuple[str, str, str], datetime]:
    """The due moment of each report that is owed, by body, form and period."""
    return {
        (body.code, obligation.form, period.code): due_at(period, body.level, PLAN.calendar)
        for body, obligation in PLAN.obligation_pairs
        for period in scheduled_periods(PLAN.year, PLAN.calendar)
        if period.kind == obligation.frequency and not obligation.optional
    }


@cache
def receipts() -> dict[tuple[str, str, str], datetime]:
    """When each accepted report arrived; a file of several periods arrives with the last one."""
    by_path = {e["path"]: received(e) for e in sample_truth()}
    return {
        (e["body"], e["form"], e["period"]): by_path[e["path"]] for e in truth() if e["expect"] == "accepted"
    }


def late_reports() -> Rows:
    answer = []
    for (body, form, period), moment in receipts().items():
        due = obligations()[body, form, period]
        if moment > due:
            days = (moment.astimezone(ZONE).date() - due.date()).days
            name = PLAN.bodies_by_code[body].name
            answer.append((name, BY_CODE[form].title, period, due.date(), moment.date(), days, form))
    ordered = sorted(answer, key=lambda row: (-row[5], row[0], row[6], row[2]))
    return [row[:6] for row in ordered]


def missing_reports() -> Rows:
    rejected = {(e["body"], e["form"], e["period"]) for e in truth() if e["expect"] == "rejected"}
    missing = [(key, due) for key, due in obligations().items() if key not in receipts() and due < ASKED]
    ordered = sorted(missing, key=lambda row: (row[1].date(), *row[0]))
    return [
        (
            PLAN.bodies_by_code[body].name,
            area_name(PLAN.bodies_by_code[body].area),
            form,
            period,
            # A report in a file in which no form was found is missing, not rejected.
            "rejected" if (body, form, period) in rejected - unknown_forms() else "missing",
            due.date(),
        )
        for (body, form, period), due in ordered
    ]


@cache
def unknown_forms() -> set[tuple[str, str, str]]:
    """The reports whose form, or whose period, could not be read."""
    unread = ("FORM-UNKNOWN", "PERIOD-MISSING")
    return {(e["body"], e["form"], e["period"]) for e in truth() if e["code"] in unread}


def timeliness() -> Rows:
    by_form: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for key, due in obligations().items():
        moment = receipts().get(key)
        if due < ASKED or moment:
            by_form[key[1]].append((moment is not None, moment is not None and moment <= due))
    return [
        (
            form,
            len(reports),
            *(round(Decimal(100 * sum(flags)) / len(reports), 1) for flags in zip(*reports, strict=True)),
        )
        for form, reports in sorted(by_form.items())
    ]


def states_of_figures() -> Rows:
    answer: Counter[tuple[str, str]] = Counter()
    for period in scheduled_periods(PLAN.year, PLAN.calendar):
        for target in ("T1", "T6"):
            numerator = figure(target, "75", period.code)[0]
            computed = period.window_end < CLOSED.date()  # nothing was computed for later periods
            state = "final" if final(target, period.code) else "provisional"
            answer[period.code, "missing" if numerator is None or not computed else state] += 1
    return sorted((*key, count) for key, count in answer.items())


def suspected_places() -> Rows:
    last: dict[str, Entry] = {}
    for entry in sorted(accepted("02-PCMD"), key=lambda e: e["period"]):
        if entry["body"].startswith("UBND-"):
            last[entry["body"]] = entry
    places: Counter[str] = Counter()
    for entry in last.values():
        for row in entry["rows"]:
            places[area_name(row["district"])] += row["closing"]
    return sorted(places.items())


def year_on_year() -> Rows:
    now, before = sum(row["cases_prosecuted"] for row in next_year_rows()), figure("T1", "75", "2020-M01")[0]
    return [("DN-2021", "2021-M01", now, before, now - before, 100 * (now - before) / before)]


def changed_since_closing() -> Rows:
    frozen = compute_targets(PLAN, sample_truth())["T1", "75", "2020-Q1"][0]
    now = figure("T1", "75", "2020-Q1")[0]
    return [("T1", "Tỉnh Đồng Nai", frozen, now, now - frozen)]


def sources_of_a_figure() -> Rows:
    months = sorted(accepted("01-PCMD"), key=lambda e: e["period"])
    return [
        (
            "Công an tỉnh",
            e["period"],
            int(e["period"] == "2020-M02"),
            sum(r["cases_prosecuted"] for r in e["rows"]),
        )
        for e in months
    ]


def findings() -> set[tuple[Any, ...]]:
    """Code, form and number of bodies. A file in which no form was found has the unknown form."""
    bodies: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in truth():
        if entry["expect"] == "rejected":
            form = "unknown" if entry["code"] == "FORM-UNKNOWN" else entry["form"]
            bodies[entry["code"], form].add(entry["body"])
    bodies["FILE-UNREADABLE", "unknown"].add("STC")
    return {(code, form, len(names)) for (code, form), names in bodies.items()}


# The answers in the order of the page; a function takes from the database's rows what it compares.
ANSWERS: dict[str, tuple[Callable[[], Any], Callable[[Rows], Any]]] = {
    "1": (cases_by_district, list),
    "2": (cases_by_month, list),
    "3": (establishments_by_type, list),
    "4": (targets_of_the_province, lambda rows: [row[:6] for row in rows]),
    "5": (months_of_a_target, list),
    "6": (districts_ranked, list),
    "7": (late_reports, list),
    "8": (missing_reports, list),
    "9": (timeliness, list),
    "10": (states_of_figures, list),
    "11": (suspected_places, list),
    "12": (year_on_year, list),
    "13": (changed_since_closing, lambda rows: [row[:5] for row in rows]),
    "14": (sources_of_a_figure, lambda rows: [(row[1], row[2], row[3], row[5]) for row in rows]),
    "15": (findings, lambda rows: {(row[0], row[1], row[4]) for row in rows}),
}
