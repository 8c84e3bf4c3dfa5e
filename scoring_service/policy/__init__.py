"""Floor 2: rule files become one immutable, compiled, checked Policy."""

import sys

from scoring_service.policy.language import parser_tables

# Where the parser of rule-engine looks for its tables before it builds them, for half a second.
sys.modules.setdefault("rule_engine.parser.parsetab", parser_tables)
