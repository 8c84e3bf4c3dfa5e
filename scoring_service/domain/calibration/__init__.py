"""What a score is worth: the published scorecard as a value, and its estimate for one lead."""
