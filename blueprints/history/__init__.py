"""Past weeks, a member's ratings and the statistics."""
