"""Request and response handling shared by all page families."""
