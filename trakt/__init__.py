"""Trakt: its API, its lists, and the sync of a member. All of it is optional."""
