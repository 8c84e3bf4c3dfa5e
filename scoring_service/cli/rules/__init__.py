"""Folders of rule files: checked, tested, laid out."""
