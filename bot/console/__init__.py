"""The staff console: one desk for everyone who serves, on a phone as on a desk."""
