"""Form 11-PCMD."""

from schemas import units
from schemas.declaration import Form, Measure, MeasureType, Rule, Severity
from schemas.dimensions import BORDER_KIND

FORM = Form(
    code="11-PCMD",
    key="border_control",
    title="KẾT QUẢ KIỂM TRA, KIỂM SOÁT HẢI QUAN LIÊN QUAN MẠI DÂM",
    dimensions=(BORDER_KIND,),
    measures=(
        Measure("checks", "Số lượt kiểm tra", units.VISIT, MeasureType.FLOW),
        Measure("cases", "Số vụ phát hiện", units.CASE, MeasureType.FLOW),
        Measure("transferred", "Số vụ chuyển cơ quan điều tra", units.CASE, MeasureType.FLOW),
    ),
    rules=(
        Rule(
            "BOR-01",
            Severity.ERROR,
            "transferred <= cases",
            column="transferred",
            label_vi="Số vụ chuyển cơ quan điều tra không được lớn hơn số vụ phát hiện",
            label_en="Transferred must not exceed cases",
        ),
    ),
)
