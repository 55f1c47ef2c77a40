"""Papers that people hold: letters, drafts and sheets as PDF, picture and Word."""
