"""Days of leads, simulated in seconds: whatever happens, the promises hold."""
