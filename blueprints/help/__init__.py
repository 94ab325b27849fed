"""The guide to Trakt."""
