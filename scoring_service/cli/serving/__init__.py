"""The server: started, found, called."""
