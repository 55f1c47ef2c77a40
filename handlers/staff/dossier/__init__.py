"""What does the commune hand in to be scored? The dossier, criterion by criterion."""
