"""Form 01-PCMD."""

from schemas import units
from schemas.declaration import Form, Measure, MeasureType, Rule, RuleScope, Severity
from schemas.dimensions import DISTRICT

FORM = Form(
    code="01-PCMD",
    key="enforcement",
    title="KẾT QUẢ ĐẤU TRANH, XỬ LÝ VI PHẠM VỀ MẠI DÂM",
    dimensions=(DISTRICT,),
    rows_expected=("district", "ROW-MISSING"),
    measures=(
        Measure(
            "cases_detected",
            "Số vụ phát hiện, triệt phá",
            units.CASE,
            MeasureType.FLOW,
            aliases=("Số vụ phát hiện",),
        ),
        Measure(
            "cases_prosecuted",
            "Số vụ xử lý hình sự",
            units.CASE,
            MeasureType.FLOW,
            aliases=("Số vụ khởi tố",),
        ),
        Measure("rings_dismantled", "Số đường dây, ổ nhóm triệt phá", units.CASE, MeasureType.FLOW),
        Measure(
            "offenders_harbouring",
            "Chứa mại dâm",
            units.PERSON,
            MeasureType.FLOW,
            group="Đối tượng xử lý hình sự",
            aliases=("Chủ chứa",),
        ),
        Measure(
            "offenders_brokering",
            "Môi giới mại dâm",
            units.PERSON,
            MeasureType.FLOW,
            group="Đối tượng xử lý hình sự",
            aliases=("Môi giới",),
        ),
        Measure("offenders_other", "Khác", units.PERSON, MeasureType.FLOW, group="Đối tượng xử lý hình sự"),
        Measure(
            "offenders_total",
            "Tổng số",
            units.PERSON,
            MeasureType.FLOW,
            group="Đối tượng xử lý hình sự",
            aliases=("Cộng",),
        ),
        Measure(
            "sanctioned_sellers",
            "Người bán dâm",
            units.PERSON,
            MeasureType.FLOW,
            group="Xử phạt vi phạm hành chính",
        ),
        Measure(
            "sanctioned_buyers",
            "Người mua dâm",
            units.PERSON,
            MeasureType.FLOW,
            group="Xử phạt vi phạm hành chính",
        ),
        Measure(
            "sanctioned_other", "Khác", units.PERSON, MeasureType.FLOW, group="Xử phạt vi phạm hành chính"
        ),
        Measure(
            "sanctioned_total",
            "Tổng số",
            units.PERSON,
            MeasureType.FLOW,
            group="Xử phạt vi phạm hành chính",
            aliases=("Cộng",),
        ),
        Measure(
            "fines_amount",
            "Số tiền phạt",
            units.VND,
            MeasureType.FLOW,
            group="Xử phạt vi phạm hành chính",
            aliases=("Tiền phạt",),
        ),
    ),
    rules=(
        Rule(
            "ENF-01",
            Severity.ERROR,
            "offenders_total == offenders_harbouring + offenders_brokering + offenders_other",
            column="offenders_total",
            label_vi="Tổng số đối tượng phải bằng chứa + môi giới + khác",
            label_en="Total offenders must equal harbouring + brokering + other",
        ),
        Rule(
            "ENF-02",
            Severity.ERROR,
            "sanctioned_total == sanctioned_sellers + sanctioned_buyers + sanctioned_other",
            column="sanctioned_total",
            label_vi="Tổng số người bị xử phạt phải bằng người bán + người mua + khác",
            label_en="Total sanctioned must equal sellers + buyers + other",
        ),
        Rule(
            "ENF-03",
            Severity.WARNING,
            "cases_prosecuted <= cases_detected",
            column="cases_prosecuted",
            scope=RuleScope.YEAR_TO_DATE,
            label_vi="Lũy kế từ đầu năm: số vụ xử lý hình sự không nên lớn hơn số vụ phát hiện",
            label_en="Year to date: cases prosecuted should not exceed cases detected",
        ),
        Rule(
            "ENF-04",
            Severity.WARNING,
            "fines_amount > 0",
            column="fines_amount",
            condition="sanctioned_total > 0",
            label_vi="Có người bị xử phạt thì nên có số tiền phạt",
            label_en="Where persons were sanctioned a fine is expected",
        ),
    ),
)
