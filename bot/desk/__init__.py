"""The road between cases and the people who answer, over staff channels."""
