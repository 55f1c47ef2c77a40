"""Pages about days off, days worked instead, feasts and office hours."""
