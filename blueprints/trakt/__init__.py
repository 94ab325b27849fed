"""A member's Trakt: linking it, how it stands, syncing it."""
