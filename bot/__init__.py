"""The edge: processes, HTTP, channels, dispatcher, sender, sandbox."""
