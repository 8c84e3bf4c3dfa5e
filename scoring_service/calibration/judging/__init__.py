"""What a model is judged by: splits in time, leaks, clocks, metrics with intervals, the gate."""
