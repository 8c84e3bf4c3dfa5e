"""What is wrong with a models folder, told so that it can be mended."""


class RegistryProblem(Exception):
    """One sentence that names the file and the remedy; nothing was changed."""
