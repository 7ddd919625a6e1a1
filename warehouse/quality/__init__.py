"""Great Expectations checkpoint, finding states, outlier statistics."""
