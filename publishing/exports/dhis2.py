"""The target table for DHIS2: data values, and the metadata that they refer to.

Each target has two data elements per frequency, numerator and denominator: DHIS2 gives a data element one
period type, and keeps the parts of an indicator. They are figures of the year to date of each level: never to
be added up, over periods or over organisation units.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from plans.model import Area, Plan, Target
from plans.plan_types import Cadence
from plans.reporting_calendar import period_from_code
from publishing.exports.dhis2_periods import dhis2_period, dhis2_period_types
from schemas.form_set import FormSet
from transforms.text.english_names import english_area_name
from warehouse.form_catalog import form_set_of
from warehouse.queries import all_targets

_PARTS = {"NUM": "numerator", "DEN": "denominator"}
_OPENING = "1900-01-01"  # DHIS2 demands one
_SHORT_NAME = 50  # the longest that DHIS2 takes
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SIGNS = f"{_LETTERS}0123456789"

Item = dict[str, Any]


def dhis2_data_values(connection: Connection, plan: Plan) -> dict[str, list[dict[str, str]]]:
    """Return the target table as `dataValueSets`, codes as identifiers (idScheme=CODE).

    Figures without reports, and of kinds of periods that DHIS2 does not have, are left out.
    """
    forms = form_set_of(connection, plan)
    return {"dataValues": list(_values(all_targets(connection, plan), plan, forms))}


def _values(rows: Iterable[Mapping[str, Any]], plan: Plan, forms: FormSet) -> Iterator[dict[str, str]]:
    types = dhis2_period_types(plan.calendar)
    for row in rows:
        period = period_from_code(row["period_code"], plan.calendar)
        if period.kind not in types:
            continue
        for part, column in _PARTS.items():
            if row[column] is not None:
                yield {
                    "dataElement": _element_code(forms, row["target_code"], part, period.kind),
                    "period": dhis2_period(period),
                    "orgUnit": row["area_code"],
                    "value": f"{Decimal(row[column]).normalize():f}",
                }


def dhis2_metadata(plan: Plan, forms: FormSet) -> dict[str, list[Item]]:
    """Return organisation units, data elements and data sets of a plan, for `/api/metadata`.

    The identifiers derive from the codes: a second import updates what the first one made. Plans of one
    form set share data elements; those of another set begin with its prefix.
    """
    types = dhis2_period_types(plan.calendar)
    units = [_unit(area, plan) for area in plan.areas_by_code.values()]
    elements = {
        kind: [element for target in plan.targets for element in _elements(forms, target, kind)]
        for kind in types
    }
    return {
        "organisationUnits": units,
        "dataElements": [element for of_kind in elements.values() for element in of_kind],
        "dataSets": [_data_set(plan, kind, types[kind], elements[kind], units) for kind in types],
    }


def _unit(area: Area, plan: Plan) -> Item:
    unit = {
        **_identity("orgUnit", area.code, area.name),
        "openingDate": (area.valid_from.isoformat() if area.valid_from else _OPENING),
        "description": english_area_name(area.name),
    }
    if area.parent and area.parent in plan.areas_by_code:
        unit["parent"] = {"id": _uid("orgUnit", area.parent)}
    return unit


def _elements(forms: FormSet, target: Target, kind: str) -> Iterator[Item]:
    for part, column in _PARTS.items():
        if part == "DEN" and not target.denominator:
            continue
        code = _element_code(forms, target.code, part, kind)
        name = f"{code} {target.label_vi}"
        yield {
            **_identity("dataElement", code, name),
            "description": f"{target.label_en or target.label_vi}: {column}, year to date.",
            "domainType": "AGGREGATE",
            "valueType": "NUMBER",
            "aggregationType": "NONE",
        }


def _data_set(
    plan: Plan, kind: Cadence, period_type: str, elements: Iterable[Item], units: Iterable[Item]
) -> Item:
    day = plan.calendar.closing_day
    return {
        **_identity("dataSet", f"{plan.code}_{kind}", f"{plan.code} {period_type}"),
        "periodType": period_type,
        "description": f"{plan.title}. A period ends on day {day} of its last month.",
        "dataSetElements": [{"dataElement": {"id": element["id"]}} for element in elements],
        "organisationUnits": [{"id": unit["id"]} for unit in units],
    }


def _element_code(forms: FormSet, target: str, part: str, kind: str) -> str:
    return f"{forms.prefix.upper()}{target}_{part}_{kind}"


def _identity(kind: str, code: str, name: str) -> Item:
    return {"id": _uid(kind, code), "code": code, "name": name, "shortName": name[:_SHORT_NAME]}


def _uid(kind: str, code: str) -> str:
    """An identifier as DHIS2 has them: a letter and ten letters or digits, the same for the same code."""
    number = int.from_bytes(sha256(f"{kind} {code}".encode()).digest())
    signs = [_LETTERS[number % len(_LETTERS)]]
    for _ in range(10):
        number //= len(_SIGNS)
        signs.append(_SIGNS[number % len(_SIGNS)])
    return "".join(signs)
