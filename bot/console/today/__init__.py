"""The leader's page: what waits, what is late, how it goes."""
