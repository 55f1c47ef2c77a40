"""Evidence at the console: the log, papers filed by hand, the dossier."""
