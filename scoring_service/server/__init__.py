"""Floor 6: the server, wired by hand. It knows the clock, chance, signals and the rules folder."""
