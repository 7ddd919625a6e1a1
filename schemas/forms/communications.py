"""Form 06-PCMD."""

from schemas import units
from schemas.declaration import Form, Measure, MeasureType, Rule, Severity
from schemas.dimensions import ACTIVITY_TYPE

FORM = Form(
    code="06-PCMD",
    key="communications",
    title="KẾT QUẢ THÔNG TIN, TUYÊN TRUYỀN PHÒNG, CHỐNG MẠI DÂM",
    dimensions=(ACTIVITY_TYPE,),
    measures=(
        Measure("events", "Số cuộc, lượt, tin bài", units.EVENT, MeasureType.FLOW, aliases=("Số cuộc",)),
        Measure(
            "participants",
            "Số người tham dự",
            units.PERSON,
            MeasureType.FLOW,
            aliases=("Lượt người tham dự",),
        ),
        Measure("products", "Số sản phẩm truyền thông", units.PRODUCT, MeasureType.FLOW),
    ),
    rules=(
        Rule(
            "CMM-01",
            Severity.ERROR,
            "participants == 0",
            column="participants",
            condition="events == 0",
            label_vi="Không có cuộc nào thì số người tham dự phải bằng 0",
            label_en="Without events participants must be 0",
        ),
    ),
)
