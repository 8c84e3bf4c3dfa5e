"""What is told of a calibration, and how it becomes a published version."""
