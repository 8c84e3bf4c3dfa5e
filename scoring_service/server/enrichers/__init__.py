"""Who is asked about companies when leads come in: a file, an address."""
