-- Types that the tables need. Part of the baseline migration.
CREATE TYPE dw.code_range AS RANGE (subtype = text, collation = "C");
COMMENT ON TYPE dw.code_range
IS 'A range of codes. A range of one code lets an exclusion constraint compare codes and days.';
