"""What the legacy app left, as records: read strictly, weighed here, written by db/importing.py."""
