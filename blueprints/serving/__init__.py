"""One process for one data folder: its start, its clock, its end."""
