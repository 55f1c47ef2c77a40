"""Greetings in the console: what is coming, read and approve, follow a campaign."""
