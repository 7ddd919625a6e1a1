"""Key columns that the forms share."""

from schemas import code_lists
from schemas.declaration import Dimension

DISTRICT = Dimension(
    "district",
    "Huyện, thành phố",
    (
        "Địa bàn",
        "Đơn vị",
    ),
    level="district",
)
COMMUNE = Dimension(
    "commune",
    "Xã, phường, thị trấn",
    (
        "Tên xã, phường, thị trấn",
        "Đơn vị",
    ),
    level="commune",
)
TEAM_LEVEL = Dimension(
    "team_level",
    "Đội kiểm tra",
    ("Cấp kiểm tra",),
    code_list=code_lists.TEAM_LEVEL,
    is_repeated_count=True,  # each team manages the same establishments
)
ESTABLISHMENT_TYPE = Dimension(
    "establishment_type",
    "Loại hình cơ sở",
    (
        "Loại cơ sở",
        "Loại hình kinh doanh",
    ),
    code_list=code_lists.ESTABLISHMENT_TYPE,
)
PLACE_KIND = Dimension("place_kind", "Loại địa bàn", ("Loại tụ điểm",), code_list=code_lists.PLACE_KIND)
ACTIVITY_TYPE = Dimension(
    "activity_type", "Hình thức tuyên truyền", ("Hình thức",), code_list=code_lists.ACTIVITY_TYPE
)
AUDIENCE_LEVEL = Dimension(
    "audience_level", "Đối tượng tập huấn", ("Cấp",), code_list=code_lists.AUDIENCE_LEVEL
)
SERVICE_TYPE = Dimension(
    "service_type", "Loại hình hỗ trợ", ("Nội dung hỗ trợ",), code_list=code_lists.SERVICE_TYPE
)
BUDGET_LEVEL = Dimension("budget_level", "Nguồn kinh phí", ("Nguồn",), code_list=code_lists.BUDGET_LEVEL)
MODEL_KIND = Dimension("model_kind", "Mô hình", ("Tên mô hình",), code_list=code_lists.MODEL_KIND)
BORDER_KIND = Dimension("border_kind", "Nội dung", (), code_list=code_lists.BORDER_KIND)
INCIDENT_DATE = Dimension("incident_date", "Ngày xảy ra", ("Ngày",))
INCIDENT_KIND = Dimension("incident_kind", "Loại vụ việc", (), code_list=code_lists.INCIDENT_KIND)
