"""A digest of all that the checkpoint reads: where it has not changed, the results have not either."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version

from sqlalchemy import Connection, text

from plans.model import Plan
from warehouse.form_catalog import form_set_of
from warehouse.loads import software_version
from warehouse.quality.expectations import Suite, suites
from warehouse.quality.recomputed_figures import figures_twice
from warehouse.sql_templates import render

_RELATION = re.compile(r"\b(?:audit|dw|mart)\.\w+")


def checkpoint_state(connection: Connection, plan: Plan, now: datetime) -> str:
    """Return the digest in hex: of the expectations, the rows of their relations, the figures, the versions.

    The rows themselves are hashed, not their times or counts: what somebody changed past all triggers changes
    the digest as well.
    """
    declared = suites(plan, form_set_of(connection, plan))
    versions = (software_version(), version("great_expectations"))
    digest = sha256(repr((versions, declared)).encode())
    for relation in sorted(set(_relations(declared))):
        rows = connection.execute(text(render("quality/content_hash", relation=relation))).one()
        digest.update(repr((relation, tuple(rows))).encode())
    for row in figures_twice(connection, plan, now):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def _relations(declared: Sequence[Suite]) -> Iterator[str]:
    """Yield the relations that the expectations and their queries read."""
    for suite in declared:
        yield suite.relation
        for expectation in suite.expectations:
            yield from _RELATION.findall(expectation.asked.get("unexpected_rows_query", ""))
