"""Pages of the survey: how people were served, in their own view."""
