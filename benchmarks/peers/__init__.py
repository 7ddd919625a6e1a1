"""What one would write instead: pandas alone, and dlt with dbt, to hold the product's time against."""
