"""Form 08-PCMD."""

from schemas import units
from schemas.declaration import Form, Measure, MeasureType, Rule, Severity
from schemas.dimensions import SERVICE_TYPE

FORM = Form(
    code="08-PCMD",
    key="social_support",
    title="KẾT QUẢ HỖ TRỢ XÃ HỘI, Y TẾ, VIỆC LÀM",
    dimensions=(SERVICE_TYPE,),
    sensitive=True,
    measures=(
        Measure("persons", "Số người được hỗ trợ", units.PERSON, MeasureType.FLOW),
        Measure("persons_female", "Trong đó: nữ", units.PERSON, MeasureType.FLOW, aliases=("Nữ",)),
        Measure("amount", "Kinh phí hỗ trợ", units.MILLION_VND, MeasureType.FLOW),
    ),
    rules=(
        Rule(
            "SUP-01",
            Severity.ERROR,
            "persons_female <= persons",
            column="persons_female",
            label_vi="Số nữ không được lớn hơn số người được hỗ trợ",
            label_en="Female persons must not exceed persons",
        ),
        Rule(
            "SUP-02",
            Severity.WARNING,
            "amount == 0",
            column="amount",
            condition="persons == 0",
            label_vi="Không có người được hỗ trợ thì kinh phí nên bằng 0",
            label_en="Without persons the amount should be 0",
        ),
    ),
)
