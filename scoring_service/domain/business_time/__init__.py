"""Working time: calendars, open windows, deadlines."""
