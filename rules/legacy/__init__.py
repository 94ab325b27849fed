"""Parsers of the legacy app's data into an import plan, which db/legacy_import.py writes."""
