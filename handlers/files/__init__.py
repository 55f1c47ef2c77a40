"""What kind of file is it, and what of it may be shown? Pure; no I/O."""
