"""Floor 1: pure functions over frozen values. No I/O, no clock, no chance."""
