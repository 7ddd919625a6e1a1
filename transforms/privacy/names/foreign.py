"""Names of foreigners as they are written in reports: Western, Chinese, Korean and from South-East Asia."""

import re

from transforms.privacy.names.word_lists import words

WESTERN_GIVEN = words(
    "john james robert michael william david richard joseph thomas charles christopher daniel matthew "
    "anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward "
    "jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin "
    "samuel gregory alexander alex patrick frank raymond jack dennis jerry tyler aaron jose adam nathan "
    "henry douglas zachary peter kyle noah ethan walter jeremy christian keith roger terry sean austin "
    "gerald carl harold dylan arthur lawrence jordan jesse bryan billy bruce gabriel joe logan alan juan "
    "albert willie elijah wayne randy vincent philip phillip bobby johnny bradley simon martin oliver "
    "lucas hugo louis pierre jean francois françois michel andre andré jacques claude henri antoine "
    "olivier laurent philippe nicolas julien marc hans klaus jurgen jürgen wolfgang stefan heinrich ivan "
    "sergei sergey dmitri dmitry vladimir mikhail nikolai alexei alexey andrei andrey igor oleg yuri "
    "boris viktor pavel anton maxim carlos luis pedro miguel diego antonio marco giovanni giuseppe luca "
    "mario francesco mohammed muhammad mohamed ahmed ali hassan ibrahim omar abdul rahman raj rajesh "
    "kumar anil sanjay amit ravi mary patricia jennifer linda elizabeth barbara susan jessica sarah "
    "karen lisa nancy betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa "
    "deborah stephanie rebecca laura helen sharon cynthia kathleen amy angela shirley anna brenda pamela "
    "emma nicole samantha katherine christine rachel carolyn janet catherine maria heather diane olivia "
    "julie joyce victoria kelly christina joan evelyn lauren judith megan andrea cheryl hannah "
    "jacqueline martha gloria teresa sara janice marie julia grace judy theresa alice sophie sophia "
    "charlotte claire camille chloe natalia natasha olga irina svetlana elena tatiana ekaterina yulia "
    "anastasia marina hiroshi kenji takashi yuki akira satoshi haruto yoko keiko naoko tony tom jim bob "
    "mike dave steve bill nick mohamad mohammad muhamad ahmad abdullah haji hosen yousof salayman aminah "
    "maryam zainab rohimah sarifah"
)
WESTERN_FAMILIES = words(
    "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez "
    "wilson anderson thomas taylor moore jackson martin perez thompson white harris sanchez clark "
    "ramirez lewis robinson walker allen wright scott torres nguyen hill flores green adams nelson baker "
    "hall rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards "
    "collins reyes stewart morris morales murphy cook rogers gutierrez ortiz morgan cooper peterson "
    "bailey reed kelly howard ramos cox ward richardson watson brooks chavez wood james bennett gray "
    "mendoza ruiz hughes price alvarez castillo sanders patel myers ross foster powell jenkins perry "
    "russell sullivan bell coleman butler henderson barnes fisher simmons jordan patterson alexander "
    "hamilton graham reynolds griffin wallace muller müller schmidt schneider fischer weber meyer wagner "
    "becker schulz hoffmann dubois dupont durand bernard petit laurent lefebvre moreau simon fournier "
    "girard ivanov petrov sidorov smirnov kuznetsov popov volkov sokolov ivanova petrova rossi russo "
    "ferrari bianchi romano silva santos oliveira souza tanaka suzuki sato takahashi watanabe yamamoto "
    "nakamura kobayashi yamada sasaki singh khan sharma kumar gupta ahmed hussain o'brien o'neil "
    "o'connor mcdonald"
)
CHINESE_FAMILIES = words(
    "li wang zhang liu chen yang zhao huang zhou wu xu sun ma zhu hu guo he gao lin luo zheng liang xie "
    "song tang deng han feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu "
    "ding ren shen yao jin fan fang shi tan liao zou xiong lei qin qiu hou shao meng wan duan hao chang "
    "ouyang chan wong lam cheung"
)
KOREAN_FAMILIES = words(
    "kim lee park choi jung jeong kang cho yoon jang lim han oh seo shin kwon hwang ahn song yoo hong "
    "moon bae baek"
)
# At most this much of Southeast Asian names: given and family names are in free order there.
SOUTHEAST_ASIAN = words(
    "sok sokha sokhom samnang sophea sopheap chan chea keo kong heng ly meas vannak vanna dara bopha "
    "chenda kosal phally pisey rithy sarath sothea srey veasna visal kim khem khieu nhem ouk oum prak "
    "prum sam sao seng tep touch yim somchai somsak somboon sombat somphone prasert prasit wongsawat "
    "wattana siriwan suda sunee malee niran anong arthit chaiyaporn jaidee saetang srisai thongchai "
    "kittisak narong pornthip ratana suwan boonmee boonsong khamphone khamla khamsing khamtay bounmy "
    "bounthavy bounnhang bounyang phommavong phommachanh sisavath souvanna sengdao vongsa vilayvong "
    "chanthavong keomany inthavong xayavong thongsavanh phetsamone phonesavanh latsamy noy budi santoso "
    "siti agus wati dewi putra saputra wijaya reyes villanueva bautista"
)
_PINYIN = (
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|er|a|o|e|i|u)"
)
IS_PINYIN_NAME = re.compile(rf"{_PINYIN}(?:[-']?{_PINYIN})?")
_HANGUL = (
    r"(?:[gknrdmbpsjchty]|ch|kk|hy|gy|my|by|ky|ny|ry|sh|ty|h|w|y|l)?"
    r"(?:yeong|young|yeon|yun|yoon|eung|eong|eon|eun|yun|ung|ang|"
    r"ong|ing|oung|ook|oon|yuk|wook|won|wan|woo|hwan|un|an|in|en|on|"
    r"ae|eo|oo|ee|yo|ye|ya|yu|"
    r"yeo|wi|wa|we|ui|a|e|i|o|u|uk|ok|ak|ik|il|ol|ul|um|im|am|om|yul|yeol|eol|eob|ub|ab|ip)"
)
IS_KOREAN_NAME = re.compile(rf"{_HANGUL}(?:-{_HANGUL})?")
# A word that no Vietnamese syllable is written like.
_ONSET = r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|th|tr|qu|[bcdđghklmnpqrstvx])?"
_VOWELS = "[aeiouyăâêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]{1,3}"
IS_VIETNAMESE = re.compile(rf"{_ONSET}{_VOWELS}(?:ch|ng|nh|[cmnpt])?")
