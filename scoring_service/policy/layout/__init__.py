"""How rule files are laid out: one canonical text for what a file says, its comments kept."""
