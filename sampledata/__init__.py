"""Generate sample drives for a plan, with the expected result of every sheet."""
