"""Floor 0: frozen values in the field's words. No behaviour beyond what a value says of itself."""
