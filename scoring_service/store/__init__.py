"""Floor 3: the only code that sees rows."""
