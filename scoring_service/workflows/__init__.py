"""Floor 4: read, decide (pure), write; one unit of work each."""
