"""Closed code lists, with the wordings seen in practice."""

from schemas.declaration import Code, CodeList

ESTABLISHMENT_TYPE = CodeList(
    "establishment_type",
    (
        Code(
            "LODGING",
            "Khách sạn, nhà nghỉ, nhà trọ",
            (
                "Cơ sở lưu trú",
                "Khách sạn, nhà nghỉ",
            ),
        ),
        Code("RESTAURANT", "Nhà hàng, quán ăn", ("Nhà hàng",)),
        Code(
            "KARAOKE",
            "Karaoke",
            (
                "Cơ sở karaoke",
                "Quán karaoke",
            ),
        ),
        Code(
            "CAFE",
            "Quán cà phê, giải khát",
            (
                "Cà phê",
                "Quán cafe",
            ),
        ),
        Code(
            "MASSAGE",
            "Xoa bóp, massage, tẩm quất",
            (
                "Massage",
                "Xoa bóp",
                "Masage",
            ),
        ),
        Code(
            "BARBER",
            "Hớt tóc thanh nữ, gội đầu",
            (
                "Hớt tóc thanh nữ",
                "Hớt tóc, gội đầu",
            ),
        ),
        Code("SINGING", "Hát cho nhau nghe", ("Điểm hát cho nhau nghe",)),
        Code(
            "INTERNET",
            "Băng đĩa, Internet",
            (
                "Internet",
                "Tiệm băng đĩa và Internet",
            ),
        ),
        Code(
            "BAR",
            "Quán bar, vũ trường",
            (
                "Bar",
                "Vũ trường",
                "Quán bar",
            ),
        ),
    ),
)
TEAM_LEVEL = CodeList(
    "team_level",
    (
        Code(
            "PROVINCE",
            "Đội kiểm tra liên ngành tỉnh",
            (
                "Đội tỉnh",
                "Cấp tỉnh",
            ),
        ),
        Code(
            "DISTRICT",
            "Đội kiểm tra liên ngành cấp huyện",
            (
                "Đội huyện",
                "Cấp huyện",
            ),
        ),
        Code(
            "COMMUNE",
            "Đội kiểm tra liên ngành cấp xã",
            (
                "Đội xã",
                "Cấp xã",
            ),
        ),
        Code("TEAM814", "Đội kiểm tra 814", ("Đội 814",)),
    ),
)
PLACE_KIND = CodeList(
    "place_kind",
    (
        Code("PUBLIC", "Địa bàn công cộng", ("Nơi công cộng",)),
        Code("ESTABLISHMENT", "Cơ sở kinh doanh dịch vụ", ("Cơ sở KDDV",)),
    ),
)
ACTIVITY_TYPE = CodeList(
    "activity_type",
    (
        Code("CONFERENCE", "Hội nghị, tập huấn, tọa đàm", ("Hội nghị",)),
        Code("TALK", "Nói chuyện chuyên đề, sinh hoạt tổ dân phố", ("Nói chuyện chuyên đề",)),
        Code("BROADCAST", "Phát thanh, truyền hình", ("Tin, bài phát thanh truyền hình",)),
        Code("PRINT", "Tờ rơi, pa nô, áp phích, băng rôn", ("Tờ rơi, pano",)),
        Code("ONLINE", "Báo điện tử, trang tin, mạng xã hội", ("Mạng xã hội",)),
        Code("RALLY", "Mít tinh, diễu hành, văn nghệ", ("Mít tinh, diễu hành",)),
        Code("SCHOOL", "Giáo dục trong nhà trường", ("Ngoại khóa trong trường học",)),
    ),
)
AUDIENCE_LEVEL = CodeList(
    "audience_level",
    (
        Code("PROVINCE", "Cấp tỉnh"),
        Code("DISTRICT", "Cấp huyện"),
        Code("COMMUNE", "Cấp xã"),
    ),
)
SERVICE_TYPE = CodeList(
    "service_type",
    (
        Code("COUNSELLING", "Tiếp cận, tư vấn"),
        Code("LEGAL_AID", "Trợ giúp pháp lý"),
        Code("VOCATIONAL", "Dạy nghề"),
        Code("JOB", "Giới thiệu, giải quyết việc làm"),
        Code("CREDIT", "Hỗ trợ vay vốn"),
        Code("STI_CARE", "Khám, điều trị bệnh lây truyền qua đường tình dục"),
        Code("HIV_TEST", "Tư vấn, xét nghiệm HIV"),
        Code("METHADONE", "Điều trị Methadone"),
        Code("RETURNEE", "Hỗ trợ nạn nhân bị mua bán trở về"),
    ),
)
BUDGET_LEVEL = CodeList(
    "budget_level",
    (
        Code("PROVINCE", "Ngân sách tỉnh"),
        Code("DISTRICT", "Ngân sách huyện"),
        Code("COMMUNE", "Ngân sách xã"),
        Code("OTHER", "Nguồn huy động hợp pháp khác"),
    ),
)
MODEL_KIND = CodeList(
    "model_kind",
    (
        Code("WORKER_RIGHTS", "Hỗ trợ bảo đảm quyền của người lao động trong cơ sở kinh doanh dịch vụ"),
        Code("COMMUNITY", "Hỗ trợ người bán dâm tại cộng đồng"),
        Code("SOCIAL_CENTRE", "Hỗ trợ tại cơ sở trợ giúp xã hội"),
    ),
)
BORDER_KIND = CodeList(
    "border_kind",
    (
        Code("GOODS", "Hàng hóa, văn hóa phẩm khiêu dâm"),
        Code("EXIT", "Đưa người ra nước ngoài, xuất nhập cảnh trái phép vì mục đích mại dâm"),
    ),
)
INCIDENT_KIND = CodeList(
    "incident_kind",
    (
        Code("RING", "Đường dây, ổ nhóm"),
        Code("HARBOUR", "Chứa mại dâm"),
        Code("BROKER", "Môi giới mại dâm"),
        Code("MINOR", "Liên quan người dưới 18 tuổi"),
    ),
)
CLASSIFICATION = CodeList(
    "classification",
    (
        Code("GOOD", "Tốt"),
        Code("FAIR", "Khá"),
        Code("AVERAGE", "Trung bình"),
        Code("WEAK", "Yếu"),
    ),
)

CODE_LISTS = (
    ESTABLISHMENT_TYPE,
    TEAM_LEVEL,
    PLACE_KIND,
    ACTIVITY_TYPE,
    AUDIENCE_LEVEL,
    SERVICE_TYPE,
    BUDGET_LEVEL,
    MODEL_KIND,
    BORDER_KIND,
    INCIDENT_KIND,
    CLASSIFICATION,
)
