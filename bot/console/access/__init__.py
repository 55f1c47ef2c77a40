"""Pages by which people get in, and keep their own account."""
