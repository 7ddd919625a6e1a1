"""The plan in the database: loading it again changes nothing, loading a changed one brings the changes."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from plans.model import Plan
from tests.support.forms import CODE_LISTS, FORMS
from tests.support.reports import PLAN
from transforms.text.vietnamese_collation import sort_key
from warehouse.database import connect
from warehouse.dimensions.plan_documents import reference_is_current
from warehouse.dimensions.seeds import load_reference
from warehouse.migrations.upgrade import migrate
from warehouse.queries import waive

NOW = datetime(2020, 4, 1, tzinfo=UTC)
LOADED = (
    *("dim_area", "dim_body", "dim_period", "dim_form", "dim_measure", "dim_plan", "reporting_obligation"),
    *(f"dim_{code_list.key}" for code_list in CODE_LISTS),
)
OWED = """
    SELECT b.body_code, f.form_code, p.period_code, o.due_at, o.is_optional, o.waived_reason
    FROM dw.reporting_obligation o JOIN dw.dim_plan pl USING (plan_key) JOIN dw.dim_body b USING (body_key)
    JOIN dw.dim_form f USING (form_key) JOIN dw.dim_period p USING (period_key)
"""


@pytest.fixture
def engine(migrated_url: str) -> Iterator[Engine]:
    engine = connect(migrated_url)
    migrate(engine)
    load(engine, PLAN)
    yield engine
    engine.dispose()


def load(engine: Engine, plan: Plan) -> None:
    with engine.begin() as connection:
        load_reference(connection, plan)


def changed(**parts: Any) -> Plan:
    """The plan with other parts, read as a file would be."""
    return Plan.model_validate(PLAN.model_dump() | parts)


def contents(engine: Engine, tables: tuple[str, ...] = LOADED) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {
            table: list(connection.execute(text(f"SELECT t::text FROM dw.{table} t ORDER BY 1")).scalars())
            for table in tables
        }


def untouched(engine: Engine) -> dict[str, list[str]]:
    """The physical rows of the dimensions: another version of a row shows, even if it is equal."""
    with engine.connect() as connection:
        return {
            table: list(
                connection.execute(text(f"SELECT ctid::text || xmin FROM dw.{table} ORDER BY 1")).scalars()
            )
            for table in LOADED
            if table != "reporting_obligation"
        }


def owed(engine: Engine, where: str, **parameters: object) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(f"{OWED} WHERE {where} ORDER BY 1, 2, 3"), parameters))


def count(connection: Connection, table: str) -> int:
    return int(connection.scalar(text(f"SELECT count(*) FROM dw.{table}")) or 0)


def test_the_content_of_the_plan_is_loaded(engine: Engine) -> None:
    with engine.connect() as connection:
        assert reference_is_current(connection, PLAN)
        assert count(connection, "dim_area") == len(PLAN.areas) == 1 + 11 + 170
        assert count(connection, "dim_body") == len(PLAN.all_bodies)
        assert count(connection, "dim_form") == len(FORMS)
        assert count(connection, "dim_measure") == sum(len(form.measures) for form in FORMS)
        assert count(connection, "dim_period") == 12 + 4 + 2 + 1 + 366
        upwards = text("SELECT ancestors FROM dw.dim_area WHERE area_code = '25993'")
        assert connection.scalar(upwards) == ["25993", "731", "75"]
    times = {"M": 12, "Q": 4, "H": 2, "Y": 1, "A": 0}
    assert len(owed(engine, "true")) == sum(times[o.frequency] for _, o in PLAN.obligation_pairs)


def test_loading_again_changes_nothing(engine: Engine) -> None:
    before, rows = contents(engine), untouched(engine)
    load(engine, PLAN)
    assert contents(engine) == before
    assert untouched(engine) == rows


def test_twice_in_one_transaction_is_as_once(engine: Engine) -> None:
    before = contents(engine)
    with engine.begin() as connection:
        load_reference(connection, PLAN)
        load_reference(connection, PLAN)
    assert contents(engine) == before


def test_other_names_come_in_and_keys_stay(engine: Engine) -> None:
    query = text("SELECT area_key, area_name FROM dw.dim_area WHERE area_code = '25993'")
    with engine.connect() as connection:
        key, name = connection.execute(query).one()
    areas = [a.model_dump() | ({"name": "Phường Mới"} if a.code == "25993" else {}) for a in PLAN.areas]
    renamed = changed(title="Kế hoạch mới", areas=areas)
    with engine.connect() as connection:
        assert not reference_is_current(connection, renamed)
    load(engine, renamed)
    with engine.connect() as connection:
        assert reference_is_current(connection, renamed)
        assert name == "Phường Trảng Dài"
        assert tuple(connection.execute(query).one()) == (key, "Phường Mới")
        body = text("SELECT body_name FROM dw.dim_body WHERE body_code = 'UBND-25993'")
        assert connection.scalar(body) == "UBND Phường Mới"
        assert connection.scalar(text("SELECT title FROM dw.dim_plan")) == "Kế hoạch mới"
        assert count(connection, "dim_area") == len(PLAN.areas)


def test_what_is_owed_follows_the_plan(engine: Engine) -> None:
    assert len(owed(engine, "form_code = '01-PCMD' AND body_code = 'CAT'")) == 12
    assert owed(engine, "form_code = '11-PCMD' AND body_code = 'CAT'") == []
    others = [o.model_dump() for o in PLAN.obligations if o.form not in ("01-PCMD", "11-PCMD")]
    monthly_now = {"form": "11-PCMD", "bodies": ["CAT"], "frequency": "M"}
    load(engine, changed(obligations=[*others, monthly_now]))
    assert owed(engine, "form_code = '01-PCMD'") == []
    assert {row[0] for row in owed(engine, "form_code = '11-PCMD'")} == {"CAT"}
    assert len(owed(engine, "form_code = '11-PCMD'")) == 12
    load(engine, PLAN)
    assert len(owed(engine, "form_code = '01-PCMD'")) == 12


def test_a_waived_report_stays_waived(engine: Engine) -> None:
    with engine.begin() as connection:
        waive(connection, PLAN, "CAT", "01-PCMD", "2020-M03", "lũ lụt", NOW)
    load(engine, PLAN)
    assert [row[2] for row in owed(engine, "waived_reason = 'lũ lụt'")] == ["2020-M03"]
    others = [o.model_dump() for o in PLAN.obligations if o.form != "01-PCMD"]
    load(engine, changed(obligations=others))
    assert [tuple(row[:3]) for row in owed(engine, "form_code = '01-PCMD'")] == [
        ("CAT", "01-PCMD", "2020-M03")
    ]
    load(engine, PLAN)
    assert [row[2] for row in owed(engine, "waived_reason IS NOT NULL")] == ["2020-M03"]
    assert len(owed(engine, "form_code = '01-PCMD' AND body_code = 'CAT'")) == 12


def test_reports_are_due_at_the_end_of_the_working_day(engine: Engine) -> None:
    due = {(row[0], row[2]): row[3] for row in owed(engine, "form_code IN ('01-PCMD', '05-PCMD')")}
    hanoi_midnight = (16, 59, 59)  # 23:59:59 in Vietnam, in UTC
    declared = {
        ("CAT", "2020-M03"): (2020, 3, 19),  # the window closes on Saturday 14 March: Mon, Tue, Wed, Thu
        ("CAT", "2020-M01"): (2020, 1, 20),  # Tuesday 14 January: Wed, Thu, Fri, Mon
        ("CAT", "2020-M08"): (2020, 8, 20),  # Friday 14 August: Mon, Tue, Wed, Thu
        ("UBND-731", "2020-Q1"): (2020, 3, 19),
        ("UBND-25993", "2020-Q1"): (2020, 3, 17),  # communes have two working days
    }
    for report, day in declared.items():
        assert due[report].astimezone(UTC) == datetime(*day, *hanoi_midnight, tzinfo=UTC), report


def test_moved_days_off_move_due_times(engine: Engine) -> None:
    calendar = PLAN.calendar.model_dump() | {"extra_days_off": ["2020-03-16"]}
    load(engine, changed(calendar=calendar))
    (row,) = owed(engine, "form_code = '01-PCMD' AND period_code = '2020-M03'")
    assert row[3].astimezone(UTC) == datetime(2020, 3, 20, 16, 59, 59, tzinfo=UTC)


def test_a_second_plan_leaves_the_first_alone(engine: Engine) -> None:
    dimensions = tuple(
        table for table in LOADED if table not in ("dim_plan", "dim_period", "reporting_obligation")
    )
    before, first = contents(engine, dimensions), owed(engine, "pl.plan_code = :p", p=PLAN.code)
    load(engine, changed(code="DN-2021", year=2021))
    assert contents(engine, dimensions) == before
    assert owed(engine, "pl.plan_code = :p", p=PLAN.code) == first
    assert len(owed(engine, "pl.plan_code = 'DN-2021' AND form_code = '01-PCMD'")) == 12
    with engine.connect() as connection:
        assert reference_is_current(connection, PLAN)


# As a Vietnamese dictionary has them: the letter first, then the tone: ngang, huyền, hỏi, ngã, sắc, nặng.
IN_ORDER = [
    *("An", "Ẩn Lạc", "Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Bảo Bình", "Bàu Trâm", "Bắc Sơn", "Bình An"),
    *("Cam", "Căn", "Cân", "Dầu Giây", "Đa Kia", "Đồi", "Đông Hòa", "Em", "Êm", "Long An", "Long Ân"),
    *("Long Bình", "Oa", "Ôn", "Ơn", "Phú", "Tân", "Tấn", "Tây", "Thanh", "Thành", "Thánh", "Trảng Dài"),
    *("Un", "Ưng", "Xuân", "Xuân Bắc", "Ý Yên"),
]


def test_names_sort_in_vietnamese_order() -> None:
    mixed = random.Random(1).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(mixed, key=sort_key) == IN_ORDER


LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệóòỏõọốồổỗộớờởỡợúùủũụứừửữựíìỉĩịýỳỷỹỵ"


@given(st.text(LETTERS + " ", min_size=1, max_size=12), st.text(LETTERS, min_size=1, max_size=6))
def test_what_goes_on_sorts_after_what_ended(name: str, more: str) -> None:
    assert sort_key(name) < sort_key(name + more)
    assert sort_key(name.upper()) == sort_key(name)


@given(st.text(LETTERS, min_size=1, max_size=8), st.text(LETTERS, min_size=1, max_size=8))
def test_names_that_differ_have_keys_that_differ(one: str, other: str) -> None:
    assert (sort_key(one) == sort_key(other)) == (one == other)


def test_areas_come_in_vietnamese_order(engine: Engine) -> None:
    with engine.connect() as connection:
        districts = connection.execute(
            text("SELECT area_name FROM dw.dim_area WHERE area_level = 'district' ORDER BY sort_key")
        )
        bare = [
            name.split(" ", 2 if name.startswith(("Thành phố", "Thị xã")) else 1)[-1]
            for name in districts.scalars()
        ]
    assert bare == [
        *("Biên Hòa", "Cẩm Mỹ", "Định Quán", "Long Khánh", "Long Thành", "Nhơn Trạch", "Tân Phú"),
        *("Thống Nhất", "Trảng Bom", "Vĩnh Cửu", "Xuân Lộc"),
    ]
