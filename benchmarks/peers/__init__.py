"""Other toolchains for the same job, which `benchmarks.bench` compares with the product."""
