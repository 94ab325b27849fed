"""The page of the guide to Trakt."""
