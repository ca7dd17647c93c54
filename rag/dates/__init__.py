"""The times that a text names, and the days that are meant."""
