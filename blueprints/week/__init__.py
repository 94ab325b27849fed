"""This week: nominate, vote, the result, the evening."""
