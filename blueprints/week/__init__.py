"""Pages of the current week: nominations, votes, the result and the evening."""
