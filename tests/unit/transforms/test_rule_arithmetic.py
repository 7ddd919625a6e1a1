"""The arithmetic that a rule's finding shows."""

from tests.support.forms import BY_CODE
from transforms.validate.consequences import consequences
from transforms.validate.rule_arithmetic import Operand, rule_arithmetic

CLOSING = {
    "closing": Operand("Cuối kỳ", "H9", 1.0),
    "opening": Operand("Đầu kỳ", "D9", 0.0),
    "identified": Operand("Phát hiện mới", "E9", 0.0),
    "recurred": Operand("Tái hoạt động", "F9", 0.0),
    "dismantled": Operand("Đã triệt xóa", "G9", 0.0),
}


def test_a_sum_shows_its_operands_and_what_would_be_right() -> None:
    shown = rule_arithmetic("closing == opening + identified + recurred - dismantled", CLOSING)
    assert shown.vi == ": Cuối kỳ (H9) = 1, phải là 0 + 0 + 0 − 0 = 0 (D9 + E9 + F9 − G9)"
    assert shown.en == ": Cuối kỳ (H9) = 1, must be 0 + 0 + 0 − 0 = 0 (D9 + E9 + F9 − G9)"
    assert set(shown.cells) == {"D9", "E9", "F9", "G9", "H9"}


def test_a_sum_over_the_year_shows_its_terms() -> None:
    operands = {
        "inspected": Operand("Số cơ sở được kiểm tra", "I13", 29.0, [17.0, 12.0, 0.0]),
        "managed": Operand("Số cơ sở đang quản lý", "H13", 20.0),
    }
    shown = rule_arithmetic("inspected <= managed", operands)
    assert shown.vi == (
        ": Số cơ sở được kiểm tra (I13) = 17 + 12 + 0 = 29,"
        " không được lớn hơn 20, số cơ sở đang quản lý (H13)"
    )


def test_of_several_conditions_the_broken_one_is_shown() -> None:
    shown = rule_arithmetic("(score >= 0) & (score <= 100)", {"score": Operand("Điểm", "J8", 140.0)})
    assert shown.vi == ": Điểm (J8) = 140, không được lớn hơn 100"


def test_all_broken_comparisons_and_the_condition_are_shown() -> None:
    operands = {
        "establishments": Operand("Số cơ sở", "D9", 3.0),
        "beneficiaries": Operand("Số người", "E9", 5.0),
    }
    shown = rule_arithmetic(
        "(establishments == 0) & (beneficiaries == 0)", operands, [Operand("Số mô hình", "C9", 0.0)]
    )
    assert shown.vi == ": Số cơ sở (D9) = 3, phải là 0; Số người (E9) = 5, phải là 0 vì số mô hình (C9) = 0"
    assert shown.cells == ("D9", "E9", "C9")


def test_a_correction_that_breaks_another_rule_names_it() -> None:
    form = BY_CODE["07-PCMD"]
    rules = {rule.id: rule for rule in form.rules}
    row = {"courses": 0.0, "trainees": 20.0, "trainees_female": 5.0}
    assert consequences(form, rules["TRN-02"], row) == [rules["TRN-01"]]
    assert consequences(form, rules["TRN-02"], {**row, "trainees_female": 0.0}) == []
