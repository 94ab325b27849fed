"""Set-up, "Who's watching?", signing in and out."""
