"""Read every relation of mart with ibis, and add up one measure; runs with the Python of ibis."""

import sys

import ibis

RELATIONS = 40  # at least

connection = ibis.connect(sys.argv[1])
names = connection.list_tables(database="mart")
for name in names:
    connection.table(name, database="mart").limit(5).to_pyarrow()
values = connection.table("measure_value", database="mart")
chosen = values.filter(values.form_name == "enforcement", values.measure_name == "cases_detected")
print(chosen.group_by("district_name").agg(cases=chosen.value.sum()).to_pandas())
print(f"{len(names)} relations read")
sys.exit(len(names) < RELATIONS)
