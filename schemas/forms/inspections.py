"""Form 03-PCMD."""

from schemas import units
from schemas.declaration import Form, Measure, MeasureType, Rule, RuleScope, Severity
from schemas.dimensions import ESTABLISHMENT_TYPE, TEAM_LEVEL

FORM = Form(
    code="03-PCMD",
    key="inspections",
    title="KẾT QUẢ KIỂM TRA CƠ SỞ KINH DOANH DỊCH VỤ DỄ BỊ LỢI DỤNG ĐỂ HOẠT ĐỘNG MẠI DÂM",
    dimensions=(
        TEAM_LEVEL,
        ESTABLISHMENT_TYPE,
    ),
    measures=(
        Measure(
            "managed",
            "Số cơ sở đang quản lý",
            units.ESTABLISHMENT,
            MeasureType.STOCK,
            aliases=("Tổng số cơ sở",),
        ),
        Measure(
            "inspected",
            "Số cơ sở được kiểm tra lần đầu trong năm",
            units.ESTABLISHMENT,
            MeasureType.FLOW,
            group="Kiểm tra",
            aliases=("Số cơ sở được kiểm tra",),
        ),
        Measure(
            "visits",
            "Số lượt kiểm tra",
            units.VISIT,
            MeasureType.FLOW,
            group="Kiểm tra",
            aliases=("Lượt kiểm tra",),
        ),
        Measure(
            "violating", "Số cơ sở vi phạm", units.ESTABLISHMENT, MeasureType.FLOW, group="Vi phạm và xử lý"
        ),
        Measure("warned", "Cảnh cáo", units.ESTABLISHMENT, MeasureType.FLOW, group="Vi phạm và xử lý"),
        Measure("fined", "Phạt tiền", units.ESTABLISHMENT, MeasureType.FLOW, group="Vi phạm và xử lý"),
        Measure(
            "fines_amount",
            "Số tiền phạt",
            units.VND,
            MeasureType.FLOW,
            group="Vi phạm và xử lý",
            aliases=("Tiền phạt",),
        ),
        Measure(
            "licence_revoked",
            "Tước quyền sử dụng giấy phép",
            units.ESTABLISHMENT,
            MeasureType.FLOW,
            group="Vi phạm và xử lý",
            aliases=("Rút giấy phép",),
        ),
        Measure(
            "suspended", "Đình chỉ hoạt động", units.ESTABLISHMENT, MeasureType.FLOW, group="Vi phạm và xử lý"
        ),
        Measure("reinspected", "Số cơ sở hậu kiểm", units.ESTABLISHMENT, MeasureType.FLOW, group="Hậu kiểm"),
        Measure("rectified", "Đã khắc phục", units.ESTABLISHMENT, MeasureType.FLOW, group="Hậu kiểm"),
    ),
    rules=(
        Rule(
            "INS-01",
            Severity.ERROR,
            "visits >= inspected",
            column="visits",
            label_vi="Số lượt kiểm tra phải lớn hơn hoặc bằng số cơ sở được kiểm tra",
            label_en="Visits must be at least the establishments inspected",
        ),
        Rule(
            "INS-02",
            Severity.ERROR,
            "rectified <= reinspected",
            column="rectified",
            label_vi="Số đã khắc phục không được lớn hơn số cơ sở hậu kiểm",
            label_en="Rectified must not exceed reinspected",
        ),
        Rule(
            "INS-03",
            Severity.ERROR,
            "violating <= visits",
            column="violating",
            label_vi="Số cơ sở vi phạm không được lớn hơn số lượt kiểm tra",
            label_en="Violating must not exceed visits",
        ),
        Rule(
            "INS-04",
            Severity.ERROR,
            "inspected <= managed",
            column="inspected",
            scope=RuleScope.YEAR_TO_DATE,
            label_vi="Lũy kế từ đầu năm: số cơ sở được kiểm tra lần đầu không được lớn hơn"
            " số cơ sở đang quản lý",
            label_en="Year to date: inspected must not exceed managed",
        ),
        Rule(
            "INS-05",
            Severity.ERROR,
            "fines_amount == 0",
            column="fines_amount",
            condition="fined == 0",
            label_vi="Không có cơ sở bị phạt tiền thì số tiền phạt phải bằng 0",
            label_en="Without a fined establishment the fines must be 0",
        ),
        Rule(
            "INS-06",
            Severity.WARNING,
            "abs(managed - previous.managed) <= 0.2 * previous.managed",
            column="managed",
            scope=RuleScope.PREVIOUS_PERIOD,
            label_vi="Số cơ sở đang quản lý thay đổi quá 20% so với kỳ trước",
            label_en="Managed differs by more than 20% from the previous period",
        ),
    ),
)
