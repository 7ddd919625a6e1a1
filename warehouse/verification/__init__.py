"""Compare everything that a figure depends on with the audit chain, and the figures with the facts."""
