"""The command line: what `flask` offers beside Flask's own commands."""
