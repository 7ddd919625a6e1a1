"""Family and given names of Vietnam's other peoples; groups as the official list of 54 peoples names them."""

from transforms.privacy.names.word_lists import phrases, words

# Tày, Nùng, Thái, Mường, Mông, Dao, Hà Nhì and others of the north: clear at the head of capitalised words.
NORTHERN_FAMILIES = words(
    "lò quàng lường cà tòng lèo khoàng bạc cầm vì hoàng nông bế lục ma mã lộc lý triệu giàng sùng thào "
    "vừ lầu hạng chá chang cháng cứ cư ly lù lừu mùa mua mùng sính sồng tráng vàng vầy vũ giáng phàn tẩn "
    "chảo chẻo bàn đèo điêu lềm mè ngần lự tao vi vy hà quách đinh bùi phìn pờ pà phà chu lỳ phùng sần "
    "sừng thàng xìn cồ xồng cút moong xeo lữ kha lương hờ hảng mào sèn lùng vù tải thền lồ then hù ngải "
    "tếnh má páo hứa đàm khà pán lèng lòng ngọ phừ chìu chíu tằng đặng voòng voong bồn choóng nình tsằn "
    "lỷ séo cháo hầu thượng dì phủ phàng chẩu khằm nhọt phìa panh thò lừ"
)
# Khmer, Chăm, Chơ Ro, S'tiêng, Mạ and others of the south.
SOUTHERN_FAMILIES = words(
    "thạch danh kiên sơn kim lâm châu lý liêu tăng trà huỳnh neáng néang neang chau thị điểu điều thổ chế ôn "
    "quảng bá hán lưu thiên từ đạt đàng dụng lộ não bố nại lựu đổng úc trượng samnang sa ka"
)
# Ê-đê, Gia-rai, Ba-na, Xơ-đăng, M'nông, Cơ-ho, Ra-glai, Chu-ru, Bru, Cơ-tu, Tà-ôi.
HIGHLAND_FAMILIES = words(
    "niê mlô kbuôr byă êban eban buôn-yă ayun kdoh kđoh knul ênuôl enuôl ênuol enuol adrơng ađrơng bdap "
    "kpă kpa kpơr ksor siu rmah rahlan rơlan rcom rơcom rochăm puih kpuih nay hmok mlo nie kbuor bya "
    "hđơk hdơk hwing buôr jiê ktla ktul mdrang kđăm kdam êung kmăn du liêng lơmu cil cill bon kơsă kon "
    "kră dagout bonyo ha-yă jơi pi-năng pinăng katơr chamaléa chamalea chamaleaq pupur bhnong alăng "
    "alang a-lăng zơrâm zơ-râm briu bríu bling bh'riu riah ra-ô kơ-să ơ-bông touprong touneh tou-prong "
    "jơ-lơng bhling pơloong hiên coor arất clâu ploong tơngôl blup rơmah rah-lan"
)
HIGHLAND_DOUBLE = phrases(
    "rơ châm,rơ mah,rơ lan,rơ ô,rơ com,rah lan,ka să,kơ să,kon sơ,lơ mu,pang ting,đa cát,păng ting,"
    "niê kđăm,buôn yă,buôn krông,chu ru,ja ngai,tou prong,tou neh,kra jăn,kră jăn,dơng gur,cil pam,ha wơ"
)
# Words before a given name: "Y Bham", "H'Hen", "K'Brếu", "A Lềnh".
PREFIXES = words("y h k ka ha a")
MIDDLES = words("a mí seo thị văn sín láo mùi khé mé bá ngọc mỹ xuân chờ va vả nỏ phủ giống dúng pà xó lở pó")
GIVEN = words(
    "páo pao chứ sua dơ dế tủa chua chu dình dinh vảng sử sình sùng pùa xua xúa mỷ mỵ mẩy chẩn phử phủ "
    "phấu nhè dia giống dê chống khua chư chia ía ín ỉn muôn pành pánh inh pâng thoong hặc ính ọi nhọt "
    "bun păn phanh hoan lả xôm phong biên ún ỏn ó ốm sóc kha phol sà rinh nhiêu xà riêng đượm sươl sương "
    "rươne srây pech phal sa rây bươl chanh đa ra rum mên sung keo viên tha sết rithy hen byă brếu brêu "
    "bham rin srai jút jut blô nhuôn lềnh pớt seng vuthy sô nang thon rươn kiên đen nhang hnhan hour"
)
