"""Family, middle and given names of the Kinh, many of them shared by other peoples."""

from transforms.privacy.names.word_lists import phrases, words

COMMON_FAMILIES = words(
    "nguyễn trần lê phạm huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh trương phùng quách"
)
# Rarely anything but a family name at the head of capitalised words.
RARE_FAMILIES = words(
    "hoàng đoàn lâm mai đào lương tạ tô vương diệp nghiêm khổng triệu hứa tôn mạc giáp cù khuất khúc nhữ "
    "doãn thiều đàm kha ngụy nguỵ phí mẫn giản lều lục ưng bạch cung tiêu tống kiều lưu đậu thân trà lã "
    "lữ văng huyền chử nhan nghê nhâm vưu tiết úng ung âu liêu liễu lỗ lộ mã mẫu ngạc ninh nhạc ông "
    "phương quan sái sầm sử tào thẩm thi thới tất trác trầm trì tri ty uông vi viêm xa xế hàn hàng hầu "
    "hề kỷ khưu khâu khương la lai lăng giả hình hùng huỳng kông cam cáp chiêm chung cổ diêm đái "
    "điêu đôn đổng đường phù phục mông mộc ngân nhung bế bành bàng bì biện bồ cái cầm tăng thái trang từ "
    "cao châu chu hà giang lại viên phó đồng thịnh tưởng vòng vong chướng sú chắng nhĩ tằng lầu "
    "lày mùi giềng"
)
# Ordinary words more often than family names: they count less.
WEAK_FAMILIES = words(
    "cao tăng từ trang thái hà châu chu giang lại viên phó đồng tri trì hàng hình tất đường thi lộ ông "
    "quan sử la xa cái cổ chung phục phương lai giả mẫu phù mộc huyền thân vi lục tiêu lưu đoàn đào mai "
    "thịnh tiết cung hùng ngân nhung ninh mã triệu nhạc kiều vong sái thẩm tưởng mùi hề bì"
)
DOUBLE_FAMILIES = phrases(
    "tôn nữ,tôn thất,công tằng tôn nữ,công huyền tôn nữ,công tôn nữ,huyền tôn nữ,công nữ,âu dương,"
    "hoàng phủ,tư mã,tư đồ,thượng quan,gia cát,đoàn nguyễn,nguyễn phúc,nguyễn phước,hy tông,ưng bình,"
    "bửu đình"
)
DECISIVE_MIDDLES = words("văn thị thì")
MIDDLES = words(
    "văn thị đức minh thanh ngọc hữu quốc xuân kim thu hoàng anh đình công quang trọng gia bảo tuấn hồng "
    "phương thùy mỹ bích như khánh thành tấn viết duy nhật hoài hải mạnh tiến phước phúc thế chí huy "
    "hùng sỹ sĩ bá doãn khắc diệu cẩm lan mai tuyết thúy yến ánh hà thảo trúc tường nguyên đăng trung "
    "trí việt ái diễm ngân quỳnh tú vân hiếu thiên thụy uyên nhã thục cát mộng kiều lệ nguyễn trần lê "
    "phạm vũ võ đỗ hồ bình an đắc đại đạt danh diễn đoan giang hạ hạnh hiền hòa hoa huệ hương huyền khải "
    "khôi kiên kỳ lâm liên linh long lương ly mậu nam nghĩa nhân nhất nhị phi phong phú phụng quý sơn "
    "song tâm tân thái thắng thiện thịnh thuận thuỷ thủy thương trâm triều trường tùng từ tư vĩnh vinh "
    "xuyến ý út sao nữ tất trà phát hoàn hậu tố túc vi đông kỉnh kính"
)
GIVEN = MIDDLES - DECISIVE_MIDDLES - words("nữ nhị nhất công từ tất") | words(
    "dũng cường nga hằng loan phượng vy trinh thơ lộc tài nhung nhi hiệp khoa lợi luân quân sang thông "
    "toàn oanh quyên châu dung duyên đào hân nguyệt bảy ba năm sáu tám chín mười hai tèo tý tí cu cúc lý "
    "lựu lài sen huế hường hưởng hướng hưng hào hảo hạo hiển hoạt hoan hoán hợp hợi huấn huynh huân kha "
    "khang khanh khiêm khởi khuê khuyên khương kiệt lạc lành lam lãm lạng lập lê lĩnh liễu liệu lực "
    "lượng lưu lụa luyến luyện mão mẫn mận mến miên mùi mừng muội my na nết ngà ngạn ngát ngoan ngãi "
    "nghi nghiêm ngọ nguyện nhài nhàn nhạn nhâm nhiên nhu nhuận nhường ni ninh nương nở oánh phấn pha "
    "phiên phiến phùng quảng quế quyết quyền quy sáng sâm sinh sửu tảo tạo tép thạch thạo thân thao thám "
    "thắm thẩm thập thìn thoa thoại thỏa thơm thời thu thư thức thưởng thương tiệp tình tín tính toại "
    "toản tỏ trác trầm trân trang trạch triết triệu trình tròn trợ trưởng truyền tuân tuất tuệ tuyên "
    "tuyền tuyến ty tỵ uy vàng vĩ viên viễn vượng vụ xoan xinh xuyên yên ân ẩn ấn ích vui diệp dần dậu "
    "dương đàn đang điền điệp định đính đô độ đồng đoàn đôn đức đượm giàu giáp giao hẹn bắc bạch bằng "
    "báu bé bền biên biển bính bốn bường bưởi cảnh căn cầm cẩn chánh chăm chắt chi chiến chiểu chinh "
    "chính chung chuyên chức chương cơ cừ cương đậu đằng gấm gái sương sáo sự tựu tăng tiền trí vạn vịnh "
    "vóc quỳ quới nhơn len lên lộ khiết khoát khôi khuyến khúc hồi hoè hòe đệ thêm thìa nhiều ngời ngợi "
    "mơ mỵ mị mĩ nhật chuẩn trúc tước lịch hiệu hậu ngữ tuynh thể nhẫn hoằng kỷ bửu sách chấn chiêu đỉnh "
    "trứ phẩm phan phước quyến rạng rỡ sĩ song sỏi tráng trụ trực thùy tiên tôn thanh thuyên tơ thoan "
    "thuần thuyết lữ huyên hạ diên diệm yêu nghị nghiệp nhã nho miền quốc việt vương xứng tần"
)
# Names by the order of birth in the south: "chị Tư Hường".
BIRTH_ORDER = words("hai ba tư năm sáu bảy tám chín mười út cả")
