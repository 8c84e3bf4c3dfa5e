"""The outcomes of rule tests as JUnit XML, which CI systems read."""

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from scoring_service.policy.mistake import Mistake
from scoring_service.policy.rule_tests import TestOutcome

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(outcomes: Sequence[TestOutcome]) -> str:
    """A suite for each file, a case for each test. No time is given, as none was measured."""
    root = _counted(Element("testsuites", name="leadscoring rules test"), outcomes)
    for file, group in groupby(outcomes, key=lambda outcome: outcome.file):
        found = tuple(group)
        suite = _counted(SubElement(root, "testsuite", name=_clean(file)), found)
        for outcome in found:
            case = _case(suite, outcome.file, outcome.line, outcome.it)
            if not outcome.passed:
                said = "; ".join(outcome.differences)
                failure = SubElement(case, "failure", message=_clean(said), type="difference")
                failure.text = _clean("\n".join((str(outcome), *outcome.differences)))
    return _text(root)


def junit_refused(mistakes: Sequence[Mistake]) -> str:
    """The same of a folder that does not load: an error for each mistake."""
    counts = {"tests": str(len(mistakes)), "failures": "0", "errors": str(len(mistakes))}
    root = Element("testsuites", {"name": "leadscoring rules test", **counts})
    suite = SubElement(root, "testsuite", {"name": "the folder loads", **counts, "skipped": "0"})
    for mistake in mistakes:
        case = _case(suite, mistake.file, mistake.line, f"{mistake.file} {mistake.path}")
        error = SubElement(case, "error", message=_clean(mistake.what), type="mistake")
        error.text = _clean(str(mistake))
    return _text(root)


def _counted(element: Element, outcomes: Sequence[TestOutcome]) -> Element:
    failures = sum(not outcome.passed for outcome in outcomes)
    element.attrib |= {"tests": str(len(outcomes)), "failures": str(failures), "errors": "0"}
    if element.tag == "testsuite":
        element.set("skipped", "0")
    return element


def _case(suite: Element, file: str, line: int, name: str) -> Element:
    named = {"classname": _clean(file), "name": _clean(name), "file": _clean(file)}
    return SubElement(suite, "testcase", {**named, "line": str(line)})


def _clean(text: str) -> str:
    """The text, with what XML cannot hold written as an escape.

    >>> _clean("bell \\x07 <b>")
    'bell \\\\x07 <b>'
    """
    return _NO_XML.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _text(root: Element) -> str:
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'
