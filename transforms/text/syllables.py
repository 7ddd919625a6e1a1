"""Spelling of Vietnamese syllables: an initial, a rime, one tone in its place, by the rules of spelling."""

import re
import unicodedata
from functools import lru_cache


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_INITIALS = _words("b ch d đ h kh l m n nh ph r s t th tr v x")
# k, gh, ngh are written before e ê i y only; c, g, ng before the rest.
_BEFORE_FRONT_VOWEL = _words("k gh ngh")
_BEFORE_OTHER_VOWEL = _words("c g ng")

_RIMES = _words(
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu "
    "i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu "
    "o oa oac oach oai oan oang oanh oat oay oăc oăn oăng oăt oc oe oen oeo oet oi om on ong op ot "
    "ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt "
    "u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut "
    "uy uya uych uynh uyn uyp uyt uyu uyên uyêt "
    "ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu"
)
_AFTER_QU = _words(
    "a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt âc ân âng ât ây e en eo et ê ên êt ênh êch "
    "i it y yên yêt ynh ych yt ơ ôc"
)
_AFTER_GI = _words(
    "a ac ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăt âc âm ân ât âu ây e em en eo et êng êt êp "
    "o oi on ong ô ôi ông ôt ơ ơi u ua uc ui um un uôc uôi uông ut ư ưa ưc ương ươc ưt"
)
_ALONE = _words("y yêm yên yêng yêt yêu hy ky ly my sy ty vy")
# Of one letter only these count: a lone sign such as "·" or "¹" must not pass for a legacy letter.
_ONE_LETTER = frozenset({"ở", "ổ", "ý", "ủ"})

# Syllables that reports are full of: of two readings that are spelled well the one with more of these wins.
_COMMON = _words(
    "biên biến biết biểu biện biệt buôn bà bài bàn bàu bác bán báo bé bình bí bích bóp bù băng bản bảng "
    "bảo bắc bắt bằng bền bệnh bị bỏ bố bồi bộ bức bửu chiến chuyên chuyển chuyện chánh cháu chân chè "
    "chìm chí chính chú chơn chưa chương chấm chấp chất chặn chặt chẽ chế chỉ chống chủ chứa chức chữa "
    "cuối cuộc cà cá các cách cán cáo cát cân câu cây còn có công cùng căn cơ cư cường cạn cảnh cấp cầu "
    "cẩm cận cố cổ cộng cụ cục của củng cứ cửu cực diễu duyệt dài dâm dân dây dòng dõi dù dũng dư dưới "
    "dưỡng dạy dấu dầu dẫn dễ dịch dục dụng dự dựng ghép giá giác giáo giáp giây giãn giò giải giảm giấy "
    "giới gà gây gì gòn góp gương gấp gắn gội gỡ gửi hiếu hiểu hiện hiệp hiệu hoàn hoạch hoạt hoặc huyện "
    "huấn hà hàm hàng hành hát hình hòa hóa hôm hưng hướng hưởng hạnh hải hậu hệ họ học họp hố hồ hỗ hộ "
    "hội hộp hớt hợp hữu khiêu khoá khá khác khách khám khánh khó khóa không khăn khương khảo khẩu khắc "
    "khởi kiên kiến kiểm kiệm kiện kích kế kết kịp kỳ kỹ liêm liên liễu liệu loại luận luật là lài làm "
    "làng lành lá lâm lây lãnh lò lòng lúa lúc lý lĩnh lưu lương lược lượng lượt lạc lại lần lập lịch "
    "lồng lộ lộc lớp lợi lực mà máy mã mít mô môi môn mùa mưu mại mạng mạnh mập mật mặt mẽ mới mục mức mỹ "
    "nghiêm nghiệm nghiện nghiệp nghèo nghĩa nghề nghệ nghỉ nghị ngoài ngoại nguyễn nguyện nguồn ngà "
    "ngành ngày ngân ngăn người ngọc ngờ ngừa nhiều nhiệm nhà nhân nhìn nhóm nhơn như nhạn nhất nhận nhập "
    "nhằm những niên nào này nâng nêu nói nón nóng nô nông núi năm năng nơ nơi nước nạn nắm nội nữ phá "
    "pháp phát phân phép phê phí phích phòng phó phú phúc phương phước phường phạm phạt phải phần phẩm "
    "phố phối phổ phụ phục phủ phức quyết quyền quá quán quý quả quản quảng quế quốc riêng rà rét rôn rõ "
    "rút rơi rộng soát suối sách sáng sát sông sơ sơn sạch sạn sản số sống sớm sở sử sự thiếu thiền thiện "
    "thiệp thiệu thoại thuê thuận thuật thuộc thành thác thái tháng tháo thân thêm thì thí thôn thông thư "
    "thương thường thạnh thảo thần thẩm thắng thể thị thịnh thọ thống thời thụ thủ thủy thức thừa thực "
    "tiên tiêu tiến tiếp tiền tiệm tiện toàn toán triều triển triệt triệu truyền trà trào trách trái trâm "
    "trân trên trì trình trí tròn trú trưng trường trưởng trạch trạng trả trảng trấn trầu trận trật trẻ "
    "trị trọ trọng trở trợ trụy trừ trực tuyên tuyến tuần tuổi tà tài tác tái tám tâm tân tây tên tìm "
    "tình tích tín tính tòa tóc tô tôi tôm tù tùy túc túy tăng tư tước tướng tượng tại tạm tạo tạp tấn "
    "tẩm tập tắm tế tệ tỉnh tịch tọa tố tốt tồn tổ tổng tội tờ tụ tục từ từng tử tự viên viễn việc viện "
    "việt và vài vàng vào vé vì vòng vùng văn vĩnh vũ vạn vấn vận vật vắng về vị vọng vốn với vụ vững vực "
    "xuyên xuân xuất xác xây xã xét xích xóa xúc xảy xếp xử yên yêu yếu án áo áp ích ông ăn đa đang đe "
    "điền điều điểm điển điện đoàn đoạn đà đàm đào đánh đây đã đèn đình đích đó đô đôn đông đúng đăng đĩa "
    "đơn đưa đường được đại đạo đạt đảm đảng đấu đầu đẩy đắc đẳng đặc đến đề để địa định đốc đối đốp đồng "
    "đổi độ độc đội động đột đời đỡ đủ đức đứng ảnh ổ ổn ở ủy "
)

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_TONES_OF_STOPPED = frozenset("\u0301\u0323")  # sắc, nặng
_STOPPED = re.compile("(?:c|ch|p|t)$")
_NUCLEUS = re.compile("(qu|gi(?=[aăâeêoôơuư])|[^aăâeêioôơuưy]*)([aăâeêioôơuưy]+)(.*)")


def _spellings() -> frozenset[str]:
    front = [rime for rime in _RIMES if rime[0] in "eêi"]
    other = [rime for rime in _RIMES if rime[0] not in "eêi"]
    found = {initial + rime for initial in _INITIALS for rime in _RIMES}
    found |= {initial + rime for initial in _BEFORE_FRONT_VOWEL for rime in front}
    found |= {initial + rime for initial in _BEFORE_OTHER_VOWEL for rime in other}
    found |= {"qu" + rime for rime in _AFTER_QU} | {"gi" + rime for rime in _AFTER_GI} | {"gi", "gin", "giup"}
    return frozenset(found | set(_RIMES) | set(_ALONE))


def _split_tone(word: str) -> tuple[str, str, int]:
    """Split a small-letter word into its toneless form, its tones and the place of the last toned letter."""
    plain, tones, place = "", "", -1
    for letter in word:
        marks = unicodedata.normalize("NFD", letter)
        found = "".join(mark for mark in marks if mark in _TONES)
        if not found or marks[0] not in "aeiouy":
            plain += letter
            continue
        tones, place = tones + found, len(plain)
        plain += unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    return plain, tones, place


def _tone_places(plain: str) -> set[int]:
    """Return where in a toneless syllable its tone may be written; two places for a final oa, oe, uy."""
    parts = _NUCLEUS.fullmatch(plain)
    if parts is None:
        return set()
    start, vowels, final = parts.end(1), parts[2], parts[3]
    shaped = [start + i for i, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if shaped:
        return {shaped[-1] if vowels != "ưa" and vowels != "ưu" and vowels != "ưi" else start}
    if len(vowels) == 2 and not final and vowels in ("oa", "oe", "uy"):
        return {start, start + 1}
    return {start + 1} if len(vowels) == 3 or (len(vowels) == 2 and final) else {start}


_SPELLINGS = _spellings()
_COMMON_TONED = frozenset(_split_tone(word)[:2] for word in _COMMON)


@lru_cache(maxsize=8192)
def rate_syllable(word: str) -> int:
    """Rate a composed word: 0 not spelled as a Vietnamese syllable, 2 spelled as one, 3 a common one.

    Small, Capitalised or CAPITAL letters; capitals in the middle are no spelling.
    """
    small = word.lower()
    if word not in (small, small.upper(), small.capitalize()):
        return 0
    if len(small) == 1:
        return 3 if small in _ONE_LETTER else 0
    plain, tones, place = _split_tone(small)
    if plain not in _SPELLINGS or len(tones) > 1 or (tones and place not in _tone_places(plain)):
        return 0
    if tones and _STOPPED.search(plain) and tones not in _TONES_OF_STOPPED:
        return 0
    return 3 if (plain, tones) in _COMMON_TONED else 2
