"""Pages about who is on duty when: calendar, shifts, leave, swaps, files, the sheet."""
