"""Form 09-PCMD."""

from schemas import units
from schemas.declaration import Form, Measure, MeasureType, Rule, RuleScope, Severity
from schemas.dimensions import BUDGET_LEVEL

FORM = Form(
    code="09-PCMD",
    key="budget",
    title="KINH PHÍ PHÒNG, CHỐNG MẠI DÂM",
    dimensions=(BUDGET_LEVEL,),
    measures=(
        Measure(
            "allocated", "Kinh phí bố trí", units.MILLION_VND, MeasureType.STOCK, aliases=("Dự toán giao",)
        ),
        Measure("disbursed", "Kinh phí đã chi", units.MILLION_VND, MeasureType.FLOW, aliases=("Thực chi",)),
    ),
    rules=(
        Rule(
            "BUD-01",
            Severity.WARNING,
            "disbursed <= allocated",
            column="disbursed",
            scope=RuleScope.YEAR_TO_DATE,
            label_vi="Lũy kế từ đầu năm: kinh phí đã chi không nên lớn hơn kinh phí bố trí",
            label_en="Year to date: disbursed should not exceed allocated",
        ),
    ),
)
