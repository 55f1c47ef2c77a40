"""Who gets into the console: passwords, second factors, links, sessions."""
