"""Words around a name, which show that a person follows or that a street, a school or a firm does."""

from transforms.privacy.names.word_lists import phrases, words

# Directly before a name. "đ/c" is read as "đồng chí".
TITLES = words(
    "ông bà anh chị cháu em cô chú bác dì thím cậu mợ mụ tên bé gã cụ vợ chồng mẹ cha bố con mr mrs ms miss"
)
LABELS = phrases(
    "đồng chí,đối tượng,nghi can,nghi phạm,bị can,bị cáo,chủ quán,chủ cơ sở,chủ chứa,chủ nhà,chủ hộ,"
    "chủ tiệm,chủ doanh nghiệp,tú bà,má mì,bảo kê,tiếp viên,nhân viên,nữ tiếp viên,gái bán dâm,"
    "người bán dâm,người mua dâm,khách mua dâm,kẻ môi giới,môi giới,người vi phạm,nạn nhân,họ và tên,"
    "họ tên,ho va ten,ho ten,quản lý,hộ kinh doanh,hộ,hộ kd,hkd,con gái,con trai,em gái,em trai,"
    "người lập,người lập biểu,người lập bảng,người ký,ký tên,người báo cáo,người tổng hợp,người đại diện,"
    "đại diện,do,gồm,là,vụ,ds,danh sách,hồ sơ,ho so,bc,báo cáo,cán bộ,chuyên viên,liên hệ,gặp,"
    "người phụ trách,phụ trách,thủ trưởng đơn vị,thủ trưởng,giám đốc,phó giám đốc,chủ tịch,phó chủ tịch,"
    "trưởng phòng,phó trưởng phòng,trưởng công an,trưởng công an xã,trưởng công an phường,chủ tịch xã,"
    "chủ tịch phường,phó chủ tịch xã,bí thư xã,tổ trưởng,đội trưởng,hiệu trưởng,kế toán,bí thư,nguoi lap,"
    "nguoi lap bieu,doi tuong,chu quan,chu co so,giam doc,pho giam doc,chu tich,ke toan,"
    "thu truong don vi,tài xế,lái xe,bảo vệ,phóng viên,kẻ cầm đầu,cầm đầu là,chủ tài khoản,"
    "người thực hiện,người khai,bí danh,quốc tịch,nguoi vi pham,chủ,người nhận,người gửi,gửi,của,bị hại,"
    "nghi vấn,hàn quốc,trung quốc,đài loan,campuchia,thái lan,lào,nhật bản,nga,mỹ"
)
# A single word after one of these is a person's given name already.
PERSON_LABELS = phrases(
    "đồng chí,đối tượng,nghi can,nghi phạm,bị can,bị cáo,tú bà,má mì,tiếp viên,nữ tiếp viên,con gái,"
    "con trai,em gái,em trai,họ và tên,họ tên,ho va ten,ho ten,chủ quán,người lập,người lập biểu,"
    "người ký,bí danh,tài xế,lái xe,bảo kê,doi tuong"
)
# After these only a known given name is one: "nhân viên Thu Hà", not "nhân viên An ninh".
ROLE_LABELS = phrases(
    "nạn nhân,bị hại,người bị hại,nhân viên,lễ tân,thợ,zalo,facebook,fb,tên thường gọi,thường gọi,còn gọi,"
    "còn gọi là,tên gọi khác,tên thật,biệt danh"
)
# And after these with a colon: "chủ cơ sở: Ngọc Lan" is a person, "chủ cơ sở Ngọc Lan" the owner of a firm.
ROLE_LABELS_WITH_COLON = phrases(
    "chủ cơ sở,chủ nhà nghỉ,chủ khách sạn,chủ nhà hàng,chủ tiệm,chủ nhà,chủ hộ,quản lý,"
    "người quản lý,phụ trách,"
    "người phụ trách,người đại diện,đại diện,giám đốc,chủ tịch,cán bộ,kế toán,người nhận,người gửi,liên hệ"
)
ACTIONS_BEFORE = phrases(
    "bắt,bắt giữ,bắt quả tang,xử phạt,phạt,khởi tố,triệu tập,tạm giữ,tạm giam,đưa,mời,truy nã,phát hiện,"
    "xét xử,tuyên phạt,truy tố,giao,giao cho,tố giác,quản lý,giáo dục,hỗ trợ,vận động,thăm,tư vấn,"
    "lập hồ sơ,kiểm tra,xử lý,theo dõi,với,và,bị,cùng"
)
AFTER = phrases(
    "sinh,sinh năm,sn,năm sinh,tuổi,trú,trú tại,ngụ,ngụ tại,quê,quê quán,hktt,thường trú,cầm đầu,"
    "cùng đồng bọn,và đồng bọn,khai,khai nhận,bị bắt,bị khởi tố,bị xử,bị phạt,bị tạm,tái phạm,bỏ trốn,"
    "quốc tịch,cmnd,cccd,sđt,hộ chiếu,là chủ,làm chủ,chủ quán,chủ cơ sở,môi giới,đứng tên,đã bị,"
    "đang môi giới,điều hành,hiện đã,về địa phương,làm tiếp,quản lý,phụ trách,là nhân viên,là tiếp viên,"
    "và các đối tượng,cùng các đối tượng,là chủ cơ,bán dâm,chủ mưu,người hàn,người trung,người nước,"
    "người mỹ,người nga,người đài,người campuchia,người thái,người lào,sinh ngày,là người,đồng phạm,"
    "người nhật,người anh,người pháp,người đức,người úc,người ấn,người singapore,người malaysia,"
    "người philippines,người indonesia,người myanmar,người canada"
)
# Of these an office may be the subject as well: "Trần Phú quản lý 3 cơ sở".
AFTER_OFFICES = phrases("quản lý,phụ trách,điều hành")
# A syllable with a fact's first word is an everyday word: "Lưu trú", "An sinh xã hội", "Phát sinh năm 2019".
NOT_FACTS = phrases(
    "lưu trú,cư trú,tạm trú,nội trú,ngoại trú,đồn trú,an sinh,ba sinh,bình sinh,chiêu sinh,"
    "chúng sinh,dân sinh,"
    "dưỡng sinh,độ sinh,giáng sinh,hậu sinh,hiếu sinh,học sinh,hồi sinh,hộ sinh,hữu sinh,hy sinh,khai sinh,"
    "kháng sinh,kim sinh,ký sinh,lâm sinh,môn sinh,mưu sinh,nguyên sinh,nhân sinh,nữ sinh,nam sinh,phát sinh,"
    "phục sinh,quyết sinh,sản sinh,sơ sinh,song sinh,sát sinh,tam sinh,tái sinh,tâm sinh,tân sinh,thai sinh,"
    "thân sinh,thí sinh,thủy sinh,thư sinh,tiên sinh,trụ sinh,trường sinh,tuyển sinh,vệ sinh,vi sinh,võ sinh,"
    "vô sinh,y sinh,đồng quê,thôn quê,nhà quê,làng quê,miền quê,ly khai,công khai,triển khai,sơ khai,kê khai,"
    "trẻ tuổi,cao tuổi"
)
STREETS = phrases(
    "đường,đ,phố,ngõ,hẻm,ngách,kiệt,lộ,đại lộ,hương lộ,tỉnh lộ,quốc lộ,tuyến,tuyến đường,ngã ba,ngã tư,"
    "ngã năm,ngã sáu,vòng xoay,bùng binh,cầu,cầu vượt,hầm,bến,dốc,đoạn,trục,nút giao,duong,hem,giao lộ,"
    "số nhà,khu vực,kênh,phố đi bộ,bờ kè,kè,bờ sông,bờ hồ,vỉa hè,lòng đường,chân cầu,gầm cầu,dạ cầu"
)
# Whole, in brackets, behind what is named: "Hoàng Văn Bổn (tuyến đường)"; "(nhà nghỉ)" may be a person's.
KINDS_AFTER = phrases(
    "đường,tuyến đường,con đường,phố,tuyến phố,đại lộ,hẻm,ngõ,cầu,cầu vượt,ngã ba,ngã tư,vòng xoay,"
    "quảng trường,"
    "công viên,trường,trường học,trường thpt,trường thcs,trường tiểu học,trường mầm non,thpt,thcs,tiểu học,"
    "mầm non,phường,khu phố,ấp,thôn,tên đường,tên trường"
)
# Of the names of firms, behind a name or inside: "Lâm Spa", "Trần Gia Hotel".
FIRM_WORDS = words(
    "spa hotel motel nail nails massage coffee cafe café club bar pub beer house home homestay "
    "resort salon beauty "
    "studio shop store center centre plaza mart gym fitness lounge food foods fashion group land "
    "travel tour taxi "
    "karaoke academy clinic dental bakery restaurant garden palace villa inn hair barber tattoo "
    "yoga billiards"
)
PLACES = phrases(
    "xã,phường,thị trấn,thị xã,huyện,quận,tỉnh,thành phố,tp,tx,tt,p,q,h,x,ấp,thôn,xóm,làng,bản,buôn,"
    "khu phố,kp,tổ,khóm,khu,kcn,cụm,kdc,khu dân cư,khu công nghiệp,hồ,sông,suối,núi,đèo,đảo,chợ,bãi,"
    "bãi biển,ga,xa,phuong,huyen,quan,tinh,ap,thi tran,đồi,rừng,vịnh,vườn quốc gia,nông trường,"
    "lâm trường,thác,đồn,căn cứ,trại,trại giam,địa bàn,cảng,sân bay,đập,mũi"
)
INSTITUTIONS = phrases(
    "công ty,cty,công ty tnhh,dntn,doanh nghiệp,doanh nghiệp tư nhân,tập đoàn,khách sạn,nhà nghỉ,nhà trọ,"
    "nhà hàng,quán,karaoke,massage,mát xa,xông hơi,spa,tiệm,cơ sở,hotel,motel,resort,bar,vũ trường,"
    "beer club,quán bar,cửa hàng,siêu thị,hợp tác xã,htx,ngân hàng,hớt tóc,cà phê,café,cafe,cắt tóc,"
    "gội đầu,thẩm mỹ viện,viện thẩm mỹ,tên cơ sở,tên quán,tên doanh nghiệp,chi nhánh,thương hiệu,hiệu,"
    "trường,trường thpt,trường thcs,thpt,thcs,tiểu học,mầm non,mẫu giáo,đại học,cao đẳng,trung cấp,"
    "học viện,trung tâm,truong,trường tiểu học,trung học,trung học cơ sở,trung học phổ thông,bệnh viện,"
    "bv,phòng khám,trạm y tế,nhà thuốc,chùa,đền,đình,miếu,giáo xứ,giáo họ,nhà thờ,tịnh xá,thánh thất,"
    "công viên,quảng trường,nhà văn hóa,nhà thi đấu,sân vận động,rạp,bến xe,tượng đài,nghĩa trang,đài,"
    "bảo tàng,thư viện,giải,giải thưởng,cúp,quỹ,quỹ học bổng,học bổng,phong trào,chiến dịch,chi đoàn,"
    "đội thiếu niên,đường tên,mang tên đường,tấm gương,tư tưởng,đạo đức,chủ tịch hồ,lăng,sinh chủ tịch,"
    "hội trường,cung,nhà sách,garage,gara,billiards,bida,internet,nhà máy,xí nghiệp,xưởng,văn phòng,"
    "tiệc cưới,trà sữa,nail,shop,studio,club,cong ty,khach san,nha nghi,nha hang,hệ thống,chuỗi,"
    "phòng trà,khu du lịch,kdl,sân golf,bất động sản,chung cư,tòa nhà,cao ốc,nhà xe,xe khách,báo,tạp chí,"
    "fanpage,trang"
)
# After one of these a street, a school or a firm named before plays no part.
RESETS = words(
    "chủ do ông bà anh chị em bắt giữ gồm là đối tượng tên phạt tố cùng với tiếp can cáo chứa quản cháu "
    "cô chú"
)
