"""The television's page."""
