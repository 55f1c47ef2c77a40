"""One folder a platform: verify, parse, render, send."""
