"""The sealed queue: denunciations, for one or two named persons (docs/adr/0021)."""
