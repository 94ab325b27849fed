"""A member's own profile, and imports of files."""
