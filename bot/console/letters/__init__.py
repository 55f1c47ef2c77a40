"""Letters and wishes on the console: write, approve, send, print, look up."""
