"""Real leads through a real server, with nothing to set up."""
