"""What an analyst or a file did wrong, told so that it can be mended."""


class CalibrationProblem(Exception):
    """One sentence that names the place and the remedy; nothing was changed."""
