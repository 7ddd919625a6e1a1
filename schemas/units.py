"""Units of measure: what a figure counts, and the highest that one cell can plausibly hold."""

from schemas.declaration import Unit

CASE = Unit("case", "vụ", largest=10_000)
PERSON = Unit("person", "người", largest=1_000_000)
PLACE = Unit("place", "tụ điểm", largest=10_000)
ESTABLISHMENT = Unit("establishment", "cơ sở", largest=1_000_000)
VISIT = Unit("visit", "lượt", largest=1_000_000)
VND = Unit("vnd", "đồng", largest=1_000_000_000_000, money=True)
MILLION_VND = Unit("million_vnd", "triệu đồng", largest=10_000_000, whole=False, money=True)
EVENT = Unit("event", "cuộc", largest=1_000_000)
PRODUCT = Unit("product", "sản phẩm", largest=10_000_000)
COURSE = Unit("course", "lớp", largest=10_000)
MODEL = Unit("model", "mô hình", largest=10_000)
SCORE = Unit("score", "điểm", largest=100, whole=False)
FLAG = Unit("flag", "có/không", largest=1)
CODE = Unit("code", "mã", largest=0)
