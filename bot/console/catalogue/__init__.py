"""Pages about what the unit can answer: procedures, their versions, imports."""
