"""The language of conditions: read and typed by rule-engine, compiled to Python closures by us."""
