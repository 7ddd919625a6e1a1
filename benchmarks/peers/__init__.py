"""What one would write instead of the product, held against it in `benchmarks.bench`."""
