"""The static site for auditors and submitting bodies."""
