"""Pages of films: search, browsing, one film, and images."""
