"""Single-subject modules that import nothing else of Movie Night."""
