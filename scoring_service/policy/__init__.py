"""Floor 2: rule files become one immutable, compiled, checked Policy."""
