"""Where platforms knock: verify the raw bytes, store, answer."""
