"""Leads, accounts and activities of a file: scored, routed, imported, row by row."""
