"""Calibration: what a score is worth in P(won), learned from leads that were won and lost."""
