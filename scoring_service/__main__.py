"""`python -m scoring_service` is `leadscoring`."""

from scoring_service.cli.main import main

main()
