"""Stages, reasons, tracks and SLAs."""
