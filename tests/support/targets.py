"""Target expressions checked against forms, outside of a plan."""

from collections.abc import Mapping

from plans.target_expressions import Term, parse
from schemas.declaration import Form
from schemas.target_checks import check_term


def check_expression(expression: str, forms: Mapping[str, Form]) -> tuple[Term, ...]:
    """Parse an expression and check its terms against the forms by key. Raises ValueError."""
    terms = parse(expression)
    for term in terms:
        check_term(term, forms)
    return terms
