"""Pure understanding of citizens' Vietnamese."""
