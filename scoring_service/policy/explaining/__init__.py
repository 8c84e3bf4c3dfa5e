"""Why a lead went to whom: routes tried, reps looked at, in sentences."""
