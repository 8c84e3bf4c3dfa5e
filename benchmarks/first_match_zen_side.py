"""zen-engine's side of first_match_zen.py: it runs in an environment that has nothing else.

    python first_match_zen_side.py TABLE LEADS

Answers a line "answers" with the pool of each lead, and "round" with CPU seconds a lead by the way
of asking: by the key of a static loader, where the version has it, and by a decision made before,
with a lead as a map and as JSON.
"""

import json
import sys
from pathlib import Path
from time import process_time

import zen  # type: ignore[import-not-found]

KEY = "table"


def ways(table, leads):
    """Functions that evaluate a lead, each with the leads as it takes them."""
    content = zen.ZenDecisionContent(json.dumps(table))
    try:
        engine = zen.ZenEngine({"loader": {"type": "static", "content": {KEY: table}}})
        engine.evaluate(KEY, leads[0])
    except Exception:  # a version whose loader must be a function says so only when it is asked
        engine = zen.ZenEngine({"loader": lambda key: content})
    ready = zen.ZenEngine().create_decision(content)
    encoded = [json.dumps(lead) for lead in leads]
    return {
        "static loader": (lambda lead: engine.evaluate(KEY, lead), leads),
        "static loader, JSON": (lambda lead: engine.evaluate(KEY, lead), encoded),
        "decision made before": (ready.evaluate, leads[:100]),
    }


def seconds(evaluate, leads):
    began = process_time()
    for lead in leads:
        evaluate(lead)
    return (process_time() - began) / len(leads)


def main(table, leads):
    by_way = ways(json.loads(Path(table).read_text()), json.loads(Path(leads).read_text()))
    evaluate, sent = by_way["static loader"]
    for line in sys.stdin:
        if line.strip() == "answers":
            said = [evaluate(lead)["result"].get("pool") for lead in sent]
        else:
            said = {name: seconds(*way) for name, way in by_way.items()}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
