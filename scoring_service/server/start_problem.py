"""What ends a start."""


class StartProblem(Exception):
    """The server cannot start; the message is one sentence for whoever started it."""
