"""A plan of a province without districts, as all have been since July 2025."""

from plans.model import Body, Obligation, Plan, Target
from tests.support.mergers import DONG_NAI, plans

MERGED = plans()[-1]
POLICE = Body(code="CAT", name="Công an tỉnh", level="province", area=DONG_NAI)
CASES = Target(
    code="X5",
    label_vi="Số vụ án phát hiện, xử lý hình sự",
    numerator="sum(enforcement.cases_prosecuted, bodies=[CAT])",
    at_least=30,
    unit="case",
    reported_levels=("province", "commune"),
)
PLAN = Plan.model_validate(
    MERGED.model_copy(
        update={
            "bodies": (POLICE,),
            "obligations": (
                *MERGED.obligations,
                Obligation(form="01-PCMD", bodies=("CAT",), frequency="M"),
                Obligation(form="03-PCMD", bodies=("commune",), frequency="Q"),
                Obligation(form="12-PCMD", bodies=("CAT", "commune"), frequency="A"),
            ),
            "targets": (*MERGED.targets, CASES),
        }
    ).model_dump()
)
