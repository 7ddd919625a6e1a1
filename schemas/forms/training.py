"""Form 07-PCMD."""

from schemas import units
from schemas.declaration import Form, Measure, MeasureType, Rule, Severity
from schemas.dimensions import AUDIENCE_LEVEL

FORM = Form(
    code="07-PCMD",
    key="training",
    title="KẾT QUẢ ĐÀO TẠO, BỒI DƯỠNG CÔNG CHỨC LÀM CÔNG TÁC PHÒNG, CHỐNG MẠI DÂM",
    dimensions=(AUDIENCE_LEVEL,),
    measures=(
        Measure("courses", "Số lớp tập huấn", units.COURSE, MeasureType.FLOW, aliases=("Số lớp",)),
        Measure("trainees", "Số người tham gia", units.PERSON, MeasureType.FLOW),
        Measure("trainees_female", "Trong đó: nữ", units.PERSON, MeasureType.FLOW, aliases=("Nữ",)),
    ),
    rules=(
        Rule(
            "TRN-01",
            Severity.ERROR,
            "trainees_female <= trainees",
            column="trainees_female",
            label_vi="Số nữ không được lớn hơn số người tham gia",
            label_en="Female trainees must not exceed trainees",
        ),
        Rule(
            "TRN-02",
            Severity.ERROR,
            "trainees == 0",
            column="trainees",
            condition="courses == 0",
            label_vi="Không có lớp thì số người tham gia phải bằng 0",
            label_en="Without courses trainees must be 0",
        ),
    ),
)
