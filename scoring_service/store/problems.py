"""What keeps a store from being opened, said in one sentence."""


class StoreProblem(Exception):
    """The store cannot be opened; the message is one sentence for whoever started the program."""
