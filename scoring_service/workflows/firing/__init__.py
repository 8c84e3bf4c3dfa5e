"""What happens when a timer is due: one timer a unit of work."""
