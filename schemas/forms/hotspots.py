"""Form 02-PCMD."""

from schemas import units
from schemas.declaration import Form, Kind, Measure, Rule, Scope, Severity
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
        Measure("opening", "Đầu kỳ", units.PLACE, Kind.OPEN, aliases=("Tồn đầu kỳ",)),
        Measure("identified", "Phát hiện mới", units.PLACE, Kind.FLOW),
        Measure("recurred", "Tái hoạt động", units.PLACE, Kind.FLOW),
        Measure("dismantled", "Đã triệt xóa", units.PLACE, Kind.FLOW, aliases=("Triệt xóa",)),
        Measure("closing", "Cuối kỳ", units.PLACE, Kind.STOCK, aliases=("Còn lại cuối kỳ",)),
    ),
    rules=(
        Rule(
            "HOT-01",
            Severity.ERROR,
            "closing == opening + identified + recurred - dismantled",
            column="closing",
            vi="Cuối kỳ phải bằng đầu kỳ + phát hiện mới + tái hoạt động - đã triệt xóa",
            en="Closing must equal opening + identified + recurred - dismantled",
        ),
        Rule(
            "HOT-02",
            Severity.WARNING,
            "opening == previous.closing",
            column="opening",
            scope=Scope.PREVIOUS_PERIOD,
            vi="Đầu kỳ nên bằng cuối kỳ của kỳ trước",
            en="Opening should equal the closing of the previous period",
        ),
    ),
)
