"""The lead lifecycle engine: scores, routes and follows leads, with a decision record for each."""

__version__ = "0.1.0"
