"""What every page family needs of a request and its response."""
