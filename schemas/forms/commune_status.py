"""Form 05-PCMD."""

from schemas import code_lists, units
from schemas.declaration import Form, Measure, MeasureType, Rule, RuleScope, Severity
from schemas.dimensions import COMMUNE

FORM = Form(
    code="05-PCMD",
    key="commune_status",
    title="ĐÁNH GIÁ XÃ, PHƯỜNG, THỊ TRẤN LÀM TỐT CÔNG TÁC PHÒNG, CHỐNG TỆ NẠN MẠI DÂM",
    dimensions=(COMMUNE,),
    rows_expected=("commune", "COM-01"),
    measures=(
        Measure(
            "free_of_prostitution",
            "Không có tệ nạn mại dâm",
            units.FLAG,
            MeasureType.FLAG,
            aliases=("Xã, phường không có tệ nạn mại dâm",),
        ),
        Measure(
            "plan_deployed",
            "Đã triển khai kế hoạch phòng, chống mại dâm",
            units.FLAG,
            MeasureType.FLAG,
            aliases=("Đã triển khai kế hoạch",),
        ),
        Measure(
            "volunteer_team",
            "Có Đội công tác xã hội tình nguyện",
            units.FLAG,
            MeasureType.FLAG,
            aliases=("Đội CTXH tình nguyện",),
        ),
        Measure("hotspots", "Số tụ điểm", units.PLACE, MeasureType.STOCK),
        Measure("sanctioned", "Số người bị xử phạt hành chính", units.PERSON, MeasureType.FLOW),
        Measure("managed", "Số cơ sở đang quản lý", units.ESTABLISHMENT, MeasureType.STOCK),
        Measure(
            "inspected",
            "Số cơ sở được kiểm tra lần đầu trong năm",
            units.ESTABLISHMENT,
            MeasureType.FLOW,
            aliases=("Số cơ sở được kiểm tra",),
        ),
        Measure("score", "Điểm đánh giá", units.SCORE, MeasureType.SCORE, aliases=("Tổng điểm",)),
        Measure(
            "classification", "Xếp loại", units.CODE, MeasureType.SCORE, code_list=code_lists.CLASSIFICATION
        ),
    ),
    rules=(
        Rule(
            "COM-02",
            Severity.ERROR,
            "hotspots == 0",
            column="free_of_prostitution",
            condition="free_of_prostitution",
            label_vi="Chỉ được ghi không có tệ nạn mại dâm khi số tụ điểm bằng 0",
            label_en="Free of prostitution only where hotspots are 0",
        ),
        Rule(
            "COM-03",
            Severity.ERROR,
            "(score >= 0) & (score <= 100)",
            column="score",
            replaces_check="VALUE-RANGE",
            label_vi="Điểm đánh giá phải từ 0 đến 100",
            label_en="The score must lie between 0 and 100",
        ),
        Rule(
            "COM-04",
            Severity.ERROR,
            "inspected <= managed",
            column="inspected",
            scope=RuleScope.YEAR_TO_DATE,
            label_vi="Lũy kế từ đầu năm: số cơ sở được kiểm tra lần đầu không được lớn hơn"
            " số cơ sở đang quản lý",
            label_en="Year to date: inspected must not exceed managed",
        ),
        Rule(
            "COM-05",
            Severity.WARNING,
            "sanctioned == 0",
            column="sanctioned",
            condition="free_of_prostitution",
            label_vi="Ghi không có tệ nạn mại dâm nhưng có người bị xử phạt",
            label_en="Said to be free of prostitution while persons were sanctioned",
        ),
    ),
)
