"""Pages about the people of the unit."""
