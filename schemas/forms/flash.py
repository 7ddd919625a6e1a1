"""Form 12-PCMD."""

from schemas import code_lists, units
from schemas.declaration import Form, Measure, MeasureType, Rule, Severity
from schemas.dimensions import DISTRICT, INCIDENT_DATE, INCIDENT_KIND

FORM = Form(
    code="12-PCMD",
    key="flash",
    title="BÁO CÁO NHANH VỤ VIỆC",
    dimensions=(
        INCIDENT_DATE,
        DISTRICT,
        INCIDENT_KIND,
    ),
    measures=(
        Measure(
            "establishment_type",
            "Loại cơ sở",
            units.CODE,
            MeasureType.SCORE,
            code_list=code_lists.ESTABLISHMENT_TYPE,
        ),
        Measure("offenders", "Số đối tượng", units.PERSON, MeasureType.FLOW),
        Measure("minors", "Số người dưới 18 tuổi", units.PERSON, MeasureType.FLOW),
    ),
    rules=(
        Rule(
            "FLA-01",
            Severity.ERROR,
            "(incident_date >= window_start) & (incident_date <= window_end)",
            column="incident_date",
            label_vi="Ngày xảy ra phải nằm trong kỳ số liệu đã ghi",
            label_en="The incident date must lie inside the stated window",
        ),
        Rule(
            "FLA-02",
            Severity.ERROR,
            "minors > 0",
            column="minors",
            condition="incident_kind == 'MINOR'",
            label_vi="Vụ việc liên quan người dưới 18 tuổi phải có số người dưới 18 tuổi",
            label_en="An incident that involves minors must count them",
        ),
    ),
)
