"""Letters in the hands of staff: who checked, approved, signed and sent each."""
