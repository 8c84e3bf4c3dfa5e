"""Bars from outcomes, on P(won) and on points; the scorecard as points; changes of scoring.yaml."""
