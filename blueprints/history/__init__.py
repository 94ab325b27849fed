"""Past weeks and what they say about the family."""
