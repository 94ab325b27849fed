"""Pages and endpoints of a member's Trakt account: linking, status, sync."""
