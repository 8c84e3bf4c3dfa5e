"""The scorecard model: encoded, fitted, exported, applied to many rows."""
