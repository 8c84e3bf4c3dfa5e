"""Two folders of rules, compared over past leads."""
