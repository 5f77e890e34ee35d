"""A closed form with settings of its symbols: what is left of it, its derivative and its minimum."""
