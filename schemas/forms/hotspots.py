"""Form 02-PCMD."""

from schemas import units
from schemas.declaration import Form, Measure, MeasureType, Rule, RuleScope, Severity
from schemas.dimensions import DISTRICT, PLACE_KIND

FORM = Form(
    code="02-PCMD",
    key="hotspots",
    title="TÌNH HÌNH TỤ ĐIỂM NGHI NGỜ HOẠT ĐỘNG MẠI DÂM",
    dimensions=(
        DISTRICT,
        PLACE_KIND,
    ),
    rows_expected=("district", "ROW-MISSING"),
    measures=(
        Measure("opening", "Đầu kỳ", units.PLACE, MeasureType.OPENING_STOCK, aliases=("Tồn đầu kỳ",)),
        Measure("identified", "Phát hiện mới", units.PLACE, MeasureType.FLOW),
        Measure("recurred", "Tái hoạt động", units.PLACE, MeasureType.FLOW),
        Measure("dismantled", "Đã triệt xóa", units.PLACE, MeasureType.FLOW, aliases=("Triệt xóa",)),
        Measure("closing", "Cuối kỳ", units.PLACE, MeasureType.STOCK, aliases=("Còn lại cuối kỳ",)),
    ),
    rules=(
        Rule(
            "HOT-01",
            Severity.ERROR,
            "closing == opening + identified + recurred - dismantled",
            column="closing",
            label_vi="Cuối kỳ phải bằng đầu kỳ + phát hiện mới + tái hoạt động - đã triệt xóa",
            label_en="Closing must equal opening + identified + recurred - dismantled",
        ),
        Rule(
            "HOT-02",
            Severity.WARNING,
            "opening == previous.closing",
            column="opening",
            scope=RuleScope.PREVIOUS_PERIOD,
            label_vi="Đầu kỳ nên bằng cuối kỳ của kỳ trước",
            label_en="Opening should equal the closing of the previous period",
        ),
    ),
)
