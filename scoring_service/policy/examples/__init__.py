"""Leads that show a finding: made from conditions, and played through the rules."""
