"""Approved templates of Zalo: chosen by staff for a kind of letter, then sent."""
