"""Measure speed and memory against baselines; fuzzing and stress runs."""
