"""Set-up, who's watching, signing in and out."""
