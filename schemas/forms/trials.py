"""Form 04-PCMD."""

from schemas import units
from schemas.declaration import Form, Measure, MeasureType, Rule, RuleScope, Severity
from schemas.dimensions import DISTRICT

FORM = Form(
    code="04-PCMD",
    key="trials",
    title="KẾT QUẢ TRUY TỐ, XÉT XỬ CÁC VỤ ÁN VỀ MẠI DÂM",
    dimensions=(DISTRICT,),
    rows_expected=("district", "ROW-MISSING"),
    measures=(
        Measure(
            "opening",
            "Số vụ chưa xét xử đầu kỳ",
            units.CASE,
            MeasureType.OPENING_STOCK,
            aliases=("Tồn đầu kỳ",),
        ),
        Measure("accepted", "Số vụ thụ lý mới", units.CASE, MeasureType.FLOW),
        Measure("tried", "Số vụ đã xét xử", units.CASE, MeasureType.FLOW, aliases=("Đã xét xử",)),
        Measure(
            "tried_mobile",
            "Trong đó: xét xử lưu động",
            units.CASE,
            MeasureType.FLOW,
            aliases=("Xét xử lưu động",),
        ),
        Measure("tried_model", "Trong đó: án điểm", units.CASE, MeasureType.FLOW, aliases=("Án điểm",)),
        Measure("returned", "Trả hồ sơ, đình chỉ", units.CASE, MeasureType.FLOW),
        Measure(
            "closing",
            "Số vụ chưa xét xử cuối kỳ",
            units.CASE,
            MeasureType.STOCK,
            aliases=("Còn lại cuối kỳ",),
        ),
        Measure("defendants", "Số bị cáo đã xét xử", units.PERSON, MeasureType.FLOW),
    ),
    rules=(
        Rule(
            "TRI-01",
            Severity.ERROR,
            "closing == opening + accepted - tried - returned",
            column="closing",
            label_vi="Cuối kỳ phải bằng đầu kỳ + thụ lý mới - đã xét xử - trả hồ sơ, đình chỉ",
            label_en="Closing must equal opening + accepted - tried - returned",
        ),
        Rule(
            "TRI-02",
            Severity.ERROR,
            "(tried_mobile <= tried) & (tried_model <= tried)",
            column="tried_mobile",
            label_vi="Số vụ xét xử lưu động và số án điểm không được lớn hơn số vụ đã xét xử",
            label_en="Mobile and model trials must not exceed cases tried",
        ),
        Rule(
            "TRI-03",
            Severity.ERROR,
            "defendants >= tried",
            column="defendants",
            label_vi="Số bị cáo phải lớn hơn hoặc bằng số vụ đã xét xử",
            label_en="Defendants must be at least the cases tried",
        ),
        Rule(
            "TRI-04",
            Severity.WARNING,
            "opening == previous.closing",
            column="opening",
            scope=RuleScope.PREVIOUS_PERIOD,
            label_vi="Đầu kỳ nên bằng cuối kỳ của kỳ trước",
            label_en="Opening should equal the closing of the previous period",
        ),
    ),
)
