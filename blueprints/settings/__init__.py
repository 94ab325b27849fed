"""A member's own profile, and files of theirs that come in and go out."""
