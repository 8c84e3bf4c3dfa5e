"""A server under load, its clients, what is done to it meanwhile, and what it had promised."""
