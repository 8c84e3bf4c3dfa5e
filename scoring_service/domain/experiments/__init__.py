"""Experiments: arms of leads under other bars, tracks and pools, and what can be concluded."""
