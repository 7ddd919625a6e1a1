"""Form 03-PCMD."""

from schemas import units
from schemas.declaration import Form, Kind, Measure, Rule, Scope, Severity
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
            "managed", "Số cơ sở đang quản lý", units.ESTABLISHMENT, Kind.STOCK, aliases=("Tổng số cơ sở",)
        ),
        Measure(
            "inspected",
            "Số cơ sở được kiểm tra lần đầu trong năm",
            units.ESTABLISHMENT,
            Kind.FLOW,
            group="Kiểm tra",
            aliases=("Số cơ sở được kiểm tra",),
        ),
        Measure(
            "visits", "Số lượt kiểm tra", units.VISIT, Kind.FLOW, group="Kiểm tra", aliases=("Lượt kiểm tra",)
        ),
        Measure("violating", "Số cơ sở vi phạm", units.ESTABLISHMENT, Kind.FLOW, group="Vi phạm và xử lý"),
        Measure("warned", "Cảnh cáo", units.ESTABLISHMENT, Kind.FLOW, group="Vi phạm và xử lý"),
        Measure("fined", "Phạt tiền", units.ESTABLISHMENT, Kind.FLOW, group="Vi phạm và xử lý"),
        Measure(
            "fines_amount",
            "Số tiền phạt",
            units.VND,
            Kind.FLOW,
            group="Vi phạm và xử lý",
            aliases=("Tiền phạt",),
        ),
        Measure(
            "licence_revoked",
            "Tước quyền sử dụng giấy phép",
            units.ESTABLISHMENT,
            Kind.FLOW,
            group="Vi phạm và xử lý",
            aliases=("Rút giấy phép",),
        ),
        Measure("suspended", "Đình chỉ hoạt động", units.ESTABLISHMENT, Kind.FLOW, group="Vi phạm và xử lý"),
        Measure("reinspected", "Số cơ sở hậu kiểm", units.ESTABLISHMENT, Kind.FLOW, group="Hậu kiểm"),
        Measure("rectified", "Đã khắc phục", units.ESTABLISHMENT, Kind.FLOW, group="Hậu kiểm"),
    ),
    rules=(
        Rule(
            "INS-01",
            Severity.ERROR,
            "visits >= inspected",
            column="visits",
            vi="Số lượt kiểm tra phải lớn hơn hoặc bằng số cơ sở được kiểm tra",
            en="Visits must be at least the establishments inspected",
        ),
        Rule(
            "INS-02",
            Severity.ERROR,
            "rectified <= reinspected",
            column="rectified",
            vi="Số đã khắc phục không được lớn hơn số cơ sở hậu kiểm",
            en="Rectified must not exceed reinspected",
        ),
        Rule(
            "INS-03",
            Severity.ERROR,
            "violating <= visits",
            column="violating",
            vi="Số cơ sở vi phạm không được lớn hơn số lượt kiểm tra",
            en="Violating must not exceed visits",
        ),
        Rule(
            "INS-04",
            Severity.ERROR,
            "inspected <= managed",
            column="inspected",
            scope=Scope.YEAR_TO_DATE,
            vi="Lũy kế từ đầu năm: số cơ sở được kiểm tra lần đầu không được lớn hơn số cơ sở đang quản lý",
            en="Year to date: inspected must not exceed managed",
        ),
        Rule(
            "INS-05",
            Severity.ERROR,
            "fines_amount == 0",
            column="fines_amount",
            where="fined == 0",
            vi="Không có cơ sở bị phạt tiền thì số tiền phạt phải bằng 0",
            en="Without a fined establishment the fines must be 0",
        ),
        Rule(
            "INS-06",
            Severity.WARNING,
            "abs(managed - previous.managed) <= 0.2 * previous.managed",
            column="managed",
            scope=Scope.PREVIOUS_PERIOD,
            vi="Số cơ sở đang quản lý thay đổi quá 20% so với kỳ trước",
            en="Managed differs by more than 20% from the previous period",
        ),
    ),
)
