"""The names of provinces, by which a letterhead of another one is recognised."""

from transforms.text.normalise import ascii_key

_NAMES = (
    "an giang,bà rịa - vũng tàu,bạc liêu,bắc giang,bắc kạn,bắc ninh,bến tre,bình dương,bình định,bình phước,"
    "bình thuận,cà mau,cao bằng,đắk lắk,đắk nông,điện biên,đồng nai,đồng tháp,gia lai,hà giang,hà nam,"
    "hà tĩnh,hải dương,hậu giang,hòa bình,hưng yên,khánh hòa,kiên giang,kon tum,lai châu,lạng sơn,lào cai,"
    "lâm đồng,long an,nam định,nghệ an,ninh bình,ninh thuận,phú thọ,phú yên,quảng bình,quảng nam,"
    "quảng ngãi,quảng ninh,quảng trị,sóc trăng,sơn la,tây ninh,thái bình,thái nguyên,thanh hóa,"
    "thừa thiên huế,tiền giang,trà vinh,tuyên quang,vĩnh long,vĩnh phúc,yên bái"
)
PROVINCES = frozenset(map(ascii_key, _NAMES.split(",")))
