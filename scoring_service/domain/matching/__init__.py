"""Whether two names, or two records, are of one company: pure, untrained, with evidence."""
