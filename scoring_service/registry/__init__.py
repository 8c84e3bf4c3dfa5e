"""The models folder: published versions, which of them is current, nothing loaded unchecked."""
