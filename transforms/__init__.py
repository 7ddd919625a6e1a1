"""Pure functions from the bytes of a file to validated rows and findings."""
