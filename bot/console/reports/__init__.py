"""Pages with figures: each opens the entries it was counted from."""
