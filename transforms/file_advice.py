"""What a file that cannot be read is, and what its sender can do, in Vietnamese and English."""

from typing import NamedTuple


class Advice(NamedTuple):
    """The reason why a file was not read, and what to do instead."""

    reason_vi: str
    reason_en: str
    todo_vi: str
    todo_en: str


_SAVE = (
    "Hãy mở tệp bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi gửi lại",
    "Open the file in Excel, save it as .xlsx (Save As) and send it again",
)
_SEND_TABLE = (
    "Hãy gửi chính bảng tính (.xlsx) hoặc văn bản Word (.docx) đã dùng để lập báo cáo",
    "Send the workbook (.xlsx) or Word document (.docx) that the report was made with",
)

ADVICE = {
    "encrypted": Advice(
        "tệp được mã hóa (đặt mật khẩu hoặc bảo vệ sổ làm việc, có khi mở ra không hỏi mật khẩu)",
        "it is encrypted: it has a password or its structure is protected, even if it opens without asking",
        "Hãy mở tệp, vào Tệp > Thông tin > Bảo vệ Sổ làm việc, bỏ mã hóa và bảo vệ, lưu rồi gửi lại",
        "Open the file, remove encryption and protection under File > Info > Protect Workbook, save it and "
        "send it again",
    ),
    "damaged": Advice(
        "tệp bị hỏng hoặc chưa chép xong", "it is damaged or was not copied completely", *_SAVE
    ),
    "cell_twice": Advice(
        "có ô được ghi hai lần trong tệp, không rõ số liệu nào đúng (phần mềm kết xuất bị lỗi)",
        "a cell is stored twice in it, so that either figure may be right (the program that wrote it errs)",
        "Hãy mở tệp bằng Excel, đồng ý sửa tệp, kiểm tra lại từng số liệu, lưu thành dạng .xlsx rồi gửi lại",
        "Open the file in Excel, let it repair it, check each figure, save it as .xlsx and send it again",
    ),
    "entity": Advice(
        "tệp có nội dung XML không được phép", "its XML holds declarations that are not allowed", *_SAVE
    ),
    "empty": Advice(
        "tệp rỗng", "it is empty", "Hãy kiểm tra lại tệp rồi gửi lại", "Check the file and send it again"
    ),
    "not_a_table": Advice("tệp không phải là bảng tính", "it is no table", *_SEND_TABLE),
    "encoding": Advice(
        "chữ tiếng Việt trong tệp bị mất dấu khi lưu (thành dấu “?” hoặc ký tự lạ)",
        "the Vietnamese letters were lost when it was saved (they became “?” or other characters)",
        "Hãy mở tệp gốc, lưu thành dạng .xlsx hoặc “CSV UTF-8” rồi gửi lại",
        "Open the original, save it as .xlsx or “CSV UTF-8” and send it again",
    ),
    "pdf": Advice(
        "tệp là bản PDF, không đọc được số liệu từ PDF",
        "it is a PDF, from which figures cannot be read",
        *_SEND_TABLE,
    ),
    "picture": Advice("tệp là ảnh chụp hoặc bản quét", "it is a picture or a scan", *_SEND_TABLE),
    "shortcut": Advice(
        "tệp chỉ là lối tắt (shortcut) đến một tệp hoặc trang khác, không chứa số liệu",
        "it is only a shortcut to another file or page and holds no figures",
        "Hãy chép chính tệp báo cáo vào thư mục này",
        "Copy the report itself into this folder",
    ),
    "mail": Advice(
        "tệp là một thư điện tử đã lưu",
        "it is a saved e-mail",
        "Hãy mở thư, lưu tệp báo cáo đính kèm vào thư mục này",
        "Open the mail and save the attached report in this folder",
    ),
    "archive": Advice(
        "tệp là tệp nén (.zip, .rar, .7z …)",
        "it is an archive (.zip, .rar, .7z …)",
        "Hãy giải nén rồi gửi từng tệp báo cáo bên trong",
        "Extract it and send the reports that it holds as files of their own",
    ),
    "link": Advice(
        "tệp chỉ là liên kết đến Google Trang tính, không chứa số liệu",
        "it is only a link to Google Sheets and holds no figures",
        "Hãy mở liên kết, chọn Tệp > Tải xuống > Microsoft Excel (.xlsx) rồi gửi tệp tải về",
        "Open the link, choose File > Download > Microsoft Excel (.xlsx) and send that file",
    ),
    "word": Advice(
        "tệp là văn bản .rtf hoặc .odt",
        "it is a document of the format .rtf or .odt",
        "Hãy mở tệp bằng Word, lưu thành dạng .docx rồi gửi lại",
        "Open it in Word, save it as .docx and send it again",
    ),
    "word_97": Advice(
        "tệp là văn bản Word đời cũ (.doc)",
        "it is a Word document of the old format .doc",
        "Hãy mở tệp bằng Word, lưu thành dạng .docx rồi gửi lại",
        "Open it in Word, save it as .docx and send it again",
    ),
    "slides": Advice("tệp là bản trình chiếu", "it is a presentation", *_SEND_TABLE),
    "numbers": Advice(
        "tệp là bảng tính Numbers hoặc văn bản Pages của Apple",
        "it is an Apple Numbers or Pages document",
        "Hãy chọn Tệp > Xuất sang > Excel (.xlsx) rồi gửi tệp đã xuất",
        "Choose File > Export To > Excel (.xlsx) and send the exported file",
    ),
    "database": Advice(
        "tệp là cơ sở dữ liệu (Access hoặc tương tự)",
        "it is a database (Access or similar)",
        "Hãy xuất bảng số liệu sang Excel (.xlsx) rồi gửi tệp đã xuất",
        "Export the table to Excel (.xlsx) and send the exported file",
    ),
    "old_excel": Advice(
        "tệp là bảng tính của phần mềm đời cũ", "it is a workbook of a very old program", *_SAVE
    ),
    "other_table": Advice(
        "dạng bảng tính này không được hỗ trợ", "this table format is not supported", *_SAVE
    ),
    "other_xml": Advice("tệp là XML nhưng không phải bảng tính", "it is XML but no workbook", *_SAVE),
    "web_page": Advice("tệp là trang web và không chứa bảng nào", "it is a web page without a table", *_SAVE),
}


def advice_of(detail: str) -> Advice:
    """Return the advice for the detail of an `UnreadableFile`."""
    return ADVICE.get(detail, ADVICE["damaged"])
