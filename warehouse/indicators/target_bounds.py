"""The bounds of a target's numerator over all that missing reports may still state, as SQL expressions."""

from collections.abc import Sequence
from dataclasses import dataclass

from plans.aggregation_functions import AGGREGATION_FUNCTIONS
from plans.target_expressions import Term

_UNKNOWN = "NULL::numeric"


@dataclass(frozen=True, slots=True)
class Bounds:
    """SQL expressions over the relations of the terms, t0, t1 and so on."""

    least: str
    most: str


def weighted(term: Term, figure: str) -> str:
    """A figure times the weight of its term."""
    return figure if term.weight == 1 else f"{term.weight} * {figure}"


def signed_sum(terms: Sequence[Term], first: int) -> str:
    """The sum of the terms' figures, where the first term is the relation t<first>."""
    signed = [
        f"{'+' if term.sign > 0 else '-'} {weighted(term, f't{first + number}.figure')}"
        for number, term in enumerate(terms)
    ]
    return " ".join(signed).removeprefix("+ ")


def counted_term(numerator: Sequence[Term], denominator: Sequence[Term]) -> int | None:
    """The number of the numerator's only count of areas that have reported; None without one."""
    counts = [number for number, term in enumerate(numerator) if _kind(term) == "count"]
    others = all(_kind(term) in ("count", "exact") for term in numerator)
    return counts[0] if len(counts) == 1 and others and _is_bounded(denominator) else None


def numerator_bounds(numerator: Sequence[Term], denominator: Sequence[Term]) -> Bounds:
    """The bounds of the numerator; null where nothing bounds it or reports may change the denominator."""
    if not _is_bounded(denominator):
        return Bounds(_UNKNOWN, _UNKNOWN)
    reads_before = any(term.year == "previous" for term in (*numerator, *denominator))
    counted = counted_term(numerator, denominator)
    ends = [_ends(term, number, number == counted) for number, term in enumerate(numerator)]
    least = [(t, low if t.sign > 0 else high) for t, (low, high) in zip(numerator, ends, strict=True)]
    most = [(t, high if t.sign > 0 else low) for t, (low, high) in zip(numerator, ends, strict=True)]
    is_open = any(_kind(term) == "lower" for term in numerator)
    return Bounds(_added(least, is_open, reads_before), _added(most, is_open, reads_before))


def _is_bounded(denominator: Sequence[Term]) -> bool:
    return all(_kind(term) == "exact" for term in denominator)


def _kind(term: Term) -> str:
    """What is known of a term; what the year before gives is exact once its reports are in."""
    if term.year == "previous":
        return "exact"
    bounds = AGGREGATION_FUNCTIONS[term.function].bounds
    return "none" if bounds == "count" and term.over == "period" else bounds


def _ends(term: Term, number: int, is_counted: bool) -> tuple[str, str]:
    """The lowest and highest value of a term; empty where there is none."""
    name = f"t{number}"
    match _kind(term):
        case "exact":
            return f"{name}.figure", f"{name}.figure"
        case "lower":
            return f"coalesce({name}.figure, 0)", ""
        case "own":
            return f"{name}.least", f"{name}.most"
        case "count" if is_counted:
            return "unreported.certain", "(unreported.certain + unreported.missing)"
    return "", ""


def _added(ends: Sequence[tuple[Term, str]], is_open: bool, reads_before: bool) -> str:
    """The sum of the ends; null where there is none, or while reports of the year before are missing."""
    if not all(end for _, end in ends):
        return _UNKNOWN
    signed = " ".join(f"{'+' if term.sign > 0 else '-'} {weighted(term, end)}" for term, end in ends)
    total = signed.removeprefix("+ ")
    conditions = ["r.expected > 0"] * is_open + ["r.received_before = r.expected_before"] * reads_before
    return f"CASE WHEN {' AND '.join(conditions)} THEN {total} END" if conditions else total
