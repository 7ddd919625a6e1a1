"""Units of measure: what a figure counts, and the highest that one cell can plausibly hold."""

from schemas.declaration import Unit

CASE = Unit("case", "vụ", max_value=10_000)
PERSON = Unit("person", "người", max_value=1_000_000)
PLACE = Unit("place", "tụ điểm", max_value=10_000)
ESTABLISHMENT = Unit("establishment", "cơ sở", max_value=1_000_000)
VISIT = Unit("visit", "lượt", max_value=1_000_000)
VND = Unit("vnd", "đồng", max_value=1_000_000_000_000, money=True)
MILLION_VND = Unit("million_vnd", "triệu đồng", max_value=10_000_000, whole=False, money=True)
EVENT = Unit("event", "cuộc", max_value=1_000_000)
PRODUCT = Unit("product", "sản phẩm", max_value=10_000_000)
COURSE = Unit("course", "lớp", max_value=10_000)
MODEL = Unit("model", "mô hình", max_value=10_000)
SCORE = Unit("score", "điểm", max_value=100, whole=False)
FLAG = Unit("flag", "có/không", max_value=1)
CODE = Unit("code", "mã", max_value=0)
