"""mart.target_period and mart.finding on the sample drive."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from warehouse.database import connect


@pytest.fixture
def engine(sample_url: str) -> Iterator[Engine]:
    engine = connect(sample_url)
    yield engine
    engine.dispose()


def test_the_parts_of_the_months_add_up_to_the_year_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT numerator_ytd, numerator_in_period, sum(numerator_in_period) OVER (ORDER BY window_end)"
                " FROM mart.target_period WHERE target_code = 'T1' AND area_code = '75' AND period_kind = 'M'"
                " AND numerator_ytd IS NOT NULL ORDER BY window_end"
            )
        ).all()
        latest = connection.scalar(
            text(
                "SELECT count(*) FROM mart.target_period WHERE target_code = 'T1' AND area_code = '75'"
                " AND period_kind = 'M' AND is_latest"
            )
        )
        shares = connection.scalar(
            text(
                "SELECT count(*) FROM mart.target_period WHERE target_code = 'T6' AND numerator_in_period > 0"
            )
        )
    assert len(rows) >= 3
    assert all(row[0] == row[2] for row in rows)
    assert any(row[1] < row[0] for row in rows)
    assert latest == 1
    assert shares == 0  # a count of areas does not add up over time


def test_open_findings_have_no_values_and_those_of_replaced_reports_are_gone(engine: Engine) -> None:
    with engine.connect() as connection:
        open_ones = connection.execute(
            text("SELECT submission_id, severity, code, findings FROM mart.finding ORDER BY 1, 2, 3")
        ).all()
        counted = connection.execute(
            text(
                "SELECT f.submission_id, f.severity, f.code, count(*) FROM audit.finding f"
                " JOIN audit.submission s USING (submission_id) WHERE NOT EXISTS (SELECT FROM audit.submission v"
                " WHERE (v.body_code, v.form_code, v.period_code) = (s.body_code, s.form_code, s.period_code)"
                " AND v.revision IS NOT NULL AND v.submission_id > s.submission_id) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
            )
        ).all()
        columns = connection.execute(text("SELECT * FROM mart.finding LIMIT 0")).keys()
    assert [tuple(row) for row in open_ones] == [tuple(row) for row in counted]
    assert len(open_ones) > 5
    assert not {"cell", "value_shown", "message_vi"} & set(columns)
