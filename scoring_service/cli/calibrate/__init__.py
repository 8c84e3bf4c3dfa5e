"""What a score is worth, learned from outcomes and told."""
