"""Form 10-PCMD."""

from schemas import units
from schemas.declaration import Form, Measure, MeasureType, Rule, Severity
from schemas.dimensions import MODEL_KIND

FORM = Form(
    code="10-PCMD",
    key="support_models",
    title="MÔ HÌNH THÍ ĐIỂM HỖ TRỢ",
    dimensions=(MODEL_KIND,),
    sensitive=True,
    measures=(
        Measure("models", "Số mô hình", units.MODEL, MeasureType.STOCK),
        Measure("establishments", "Số cơ sở tham gia", units.ESTABLISHMENT, MeasureType.STOCK),
        Measure("beneficiaries", "Số người thụ hưởng", units.PERSON, MeasureType.FLOW),
    ),
    rules=(
        Rule(
            "MOD-01",
            Severity.ERROR,
            "(establishments == 0) & (beneficiaries == 0)",
            column="establishments",
            condition="models == 0",
            label_vi="Không có mô hình thì số cơ sở và số người thụ hưởng phải bằng 0",
            label_en="Without models establishments and beneficiaries must be 0",
        ),
    ),
)
