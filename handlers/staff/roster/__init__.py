"""The duty roster: shifts, leave, swaps, and the sheet that is signed."""
