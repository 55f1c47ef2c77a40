"""Is a letter courteous and whole? Rules on text, and the cases they are tried with."""
