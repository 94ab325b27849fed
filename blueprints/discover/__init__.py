"""The page "Discover": watchlists, recommendations and charts, as ideas to nominate."""
