"""The words that tell a Vietnamese person's name from a place, a body or a heading. Data only, all folded."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in text.split(","))


# Three capitalised words that begin with one of these are a name.
STRONG_FAMILIES = _words(
    "nguyễn trần lê phạm huỳnh hoàng phan võ đặng bùi đỗ ngô đinh trịnh phùng quách nguyen pham huynh bui"
)
# Two words alone in a cell are a name only with one of these.
COMMON_FAMILIES = _words(
    "nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý nguyen pham huynh"
)
# The others are ordinary words too ("Hồ Sơ Vụ", "Tăng Cường Kiểm"): a middle name must follow.
FAMILIES = (
    STRONG_FAMILIES
    | COMMON_FAMILIES
    | _words(
        "đoàn lâm mai đào cao lương tạ hà châu tô thái trương tống kiều la từ tăng vương diệp nghiêm "
        "khổng ninh nông triệu hứa tôn mạc chu âu thạch giang lục trang lưu hoang vu vo dang ho duong "
        "dinh trinh phan le ngo truong tran"
    )
)
MIDDLES = _words(
    "văn thị đức minh thanh ngọc hữu quốc xuân kim thu hoàng anh đình công quang trọng gia bảo tuấn "
    "hồng phương thùy mỹ bích như khánh thành tấn viết duy nhật hoài hải mạnh tiến phước phúc thế "
    "chí huy hùng sỹ sĩ bá doãn khắc diệu cẩm lan mai tuyết thúy yến ánh hà thảo trúc tường nguyên "
    "đăng trung trí việt ái diễm ngân quỳnh tú vân hiếu thiên thụy uyên nhã thục cát mộng kiều lệ "
    "nguyễn trần lê phạm vũ võ đỗ hồ thuý thuỳ van thi duc ngoc huu quoc xuan hoang dinh trong tuan "
    "hong bich thuy my khanh"
)
# Names to a certainty: no need to see the rest of the line.
DECISIVE_MIDDLES = _words("văn thị van thi")
# Given names that stand alone after "ông", "bà", "anh", "chị".
GIVEN = MIDDLES - DECISIVE_MIDDLES - _words(
    "công thành trung thế mỹ thu gia việt trọng nhật đình như"
) | _words(
    "hoa nam hương linh dũng cường bình sơn tùng thắng hạnh nga hằng loan liên phượng thủy tâm vy "
    "trinh thơ đạt lộc tài hòa hiền nhung nhi hậu hiệp khoa kiên lâm long lợi luân nghĩa nhân phát "
    "phong phú quân quý sang tân thái thịnh thông thuận toàn vinh xuyến oanh quyên châu dung duyên "
    "đào hân huệ nguyệt"
)
HONORIFICS = _words("ông bà anh chị cháu em tên")  # and "đồng chí"
PLACE_WORDS = _words(
    "xã phường trấn xóm huyện quận phố tp tỉnh đường ấp trường chợ cầu kcn hồ sông suối núi đèo "
    "thôn làng bến ga đảo lộ hẻm ngõ tx tt p q h x đ ql tl ngã tư ba thpt thcs viện chùa đền giáo "
    "xứ hội khu trại đồi rừng xa phuong huyen quan tinh ap duong truong"
)
# Schools, parks and businesses: their kind may stand a few words before the name.
INSTITUTIONS = _words("trường thpt thcs tiểu mầm viện tnhh karaoke massage hàng sạn hotel quán")
# "Vi Phạm Văn Hóa" is no person, nor "Thi Tran Gia Ray" (thị trấn), nor "San Pham Van Hoa".
NOT_BEFORE_FAMILY = _words("vi tội xâm quy phẩm can thi san")
# Phrases that begin as a name would.
NOT_NAMES = _phrases(
    "hà nội,hà nam,hà tĩnh,hà giang,hà đông,hà tiên,hà tây,thái bình,thái nguyên,thái dương,lâm đồng,"
    "lâm hà,lâm sản,lâm san,cao bằng,cao lãnh,cao phong,cao lộc,cao đẳng,cao cấp,cao su,cao tuổi,"
    "hồ chí minh,hồ nai,hồ sơ,hồ tây,hồ bơi,hồ tiêu,hồ cá,hồ chứa,hồ trị an,hồ thủy lợi,phan thiết,"
    "phan rang,dương minh châu,dương đông,dương tính,dương tơ,dương lịch,lê minh xuân,lê chân,lê thủy,"
    "vũ trường,vũ khí,vũ nữ,vũ quang,vũ thư,vũ trang,võ thuật,võ nhai,lý lịch,lý do,lý luận,lý thuyết,"
    "lý nhân,lý sơn,lý văn hóa,đỗ xe,hoàng sa,hoàng mai,hoàng hôn,hoàng anh gia lai,hoàng thành,"
    "bùi nhùi,phạm vi,phạm tội,phạm nhân,phạm luật,phạm quy,phạm pháp,phạm lỗi,đoàn thanh niên,"
    "đoàn thanh tra,đoàn công tác,đoàn kiểm tra,đoàn viên,đoàn thể,đoàn kết,đào tạo,mai châu,mai sơn,"
    "mai táng,châu thành,châu đốc,châu phú,châu đức,châu âu,châu á,tô hiệu,từ thiện,từ ngày,"
    "từ thành phố,tăng cường,tăng kim ngạch,tăng tiến độ,tăng thu,la ngà,la gi,lương tâm,lương thực,"
    "lương sơn,lương tài,kiều mẫu,vương quốc,phùng hiệp,ninh bình,ninh thuận,ninh kiều,nông thôn,"
    "nông dân,nông nghiệp,nông sản,trang bị,trang tin,trang trại,trang thiết,trang trọng,lưu ý,lưu động,"
    "lưu trú,lưu hành,triệu phong,triệu sơn,triệu đồng,thạch thất,thạch hà,thạch thành,tôn giáo,"
    "giang điền,giang thành,trịnh trọng,bà rịa,bà điểm,bà đen,bà nà,bà mẹ,anh hùng,chị em,truong hoc,"
    "truong ban,phan cong,phan loai,vu truong,ho so,pham vi,pham toi,pham nhan,ho chi minh,le hoi,"
    "phan thiet,phan rang,dang van,dinh muc,dinh quan,vo thuat,vo thi hoa,duong minh chau,le minh xuan,"
    "truong trung"
)
# Whom streets, schools and movements are named after.
FAMOUS = _phrases(
    "võ thị sáu,nguyễn ái quốc,nguyễn tất thành,nguyễn thị minh khai,lê hồng phong,trần phú,lê duẩn,"
    "nguyễn văn trỗi,trần hưng đạo,lý thường kiệt,nguyễn huệ,lê lợi,phan bội châu,phan chu trinh,"
    "nguyễn du,nguyễn trãi,hoàng hoa thám,phạm văn đồng,võ nguyên giáp,võ văn kiệt,nguyễn văn cừ,"
    "nguyễn văn linh,lê văn tám,nguyễn tri phương,đinh tiên hoàng,nguyễn hữu cảnh,trịnh hoài đức,"
    "nguyễn đình chiểu,hồ xuân hương,đoàn thị điểm,lương thế vinh,chu văn an,phạm ngũ lão,lê quý đôn,"
    "lê thánh tông,hoàng văn thụ,hoàng diệu,trần quốc toản,nguyễn bỉnh khiêm,trần văn ơn,tôn đức thắng,"
    "trương định,ngô quyền,ngô gia tự,lý tự trọng,lý thái tổ,nguyễn khuyến,phan đình phùng"
)
