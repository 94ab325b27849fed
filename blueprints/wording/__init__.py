"""What is said to a person, wherever it is said."""
