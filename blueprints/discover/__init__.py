"""What could we nominate: watchlists, recommendations, trending."""
