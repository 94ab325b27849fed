"""Films: search, browse, one film, its poster."""
