"""What another policy would have made of past leads: replayed in memory, nothing is stored."""
