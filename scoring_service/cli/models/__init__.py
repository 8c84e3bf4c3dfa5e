"""Published models: which is current, and whether it still holds."""
