"""Real data as files that `leadscoring calibrate` reads, and what it makes of them."""
