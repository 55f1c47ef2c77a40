"""Pages of settings: the unit, its channels step by step, what citizens are told."""
