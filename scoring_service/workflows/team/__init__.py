"""What is done with reps: who is away, and to whom a book of leads goes."""
