"""Single-subject modules that import nothing from the house."""
