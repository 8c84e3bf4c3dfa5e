"""What sales does with leads: one file a business moment."""
