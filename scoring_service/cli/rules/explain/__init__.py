"""Why a lead went to whom."""
