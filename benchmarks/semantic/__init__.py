"""Other programs on mart, each in an environment of its own: Superset, dbt, ibis."""
