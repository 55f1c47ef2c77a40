"""A day of each role, in a browser, against the demonstration as people start it."""
