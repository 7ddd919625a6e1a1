"""Load batches of submissions and facts in one transaction."""
