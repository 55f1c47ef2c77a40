"""The commands of ``thanthien``."""
