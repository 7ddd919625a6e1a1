"""The table of areas with the areas above them."""

from sqlalchemy import Date, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text

from warehouse.models.tables import DIM_AREA, METADATA, column

AREA_PATH = Table(
    "area_path",
    METADATA,
    column("area_key", Integer, "State of an area.", ForeignKey(DIM_AREA.c.area_key)),
    column("valid_from", Date, "First day on which the areas above it have these names."),
    column("valid_to", Date, "First day after it; the rows of an area cover all days."),
    column("area_code", Text, "Code of the area."),
    column("area_name", Text, "Name of the area."),
    column("area_name_en", Text, "Name of the area in English."),
    column("area_level", Text, "Level: province, district or commune."),
    column("province_code", Text, "Code of the province."),
    *(
        column(f"{level}_{part}", Text, f"{text_of} of the {level}; empty without one.", nullable=True)
        for level in ("province", "district", "commune")
        for part, text_of in (("code", "Code"), ("name", "Name"), ("name_en", "Name in English"))
        if (level, part) != ("province", "code")
    ),
    PrimaryKeyConstraint("area_key", "valid_from"),
    schema="dw",
    comment="Each area with the areas above it, by days: the hierarchy as columns.",
)
