"""The audit event chain, digests of loaded rows, verification."""
