"""The clock: hours, deadlines, schedules."""
