"""What sales must have found out of an sql, as lifecycle.yaml says it."""

from collections.abc import Iterator

from scoring_service.policy.document import Document
from scoring_service.policy.mistake import Mistake

_QUESTIONS_MAX = 50


def wrong_questions(document: Document, questions: str | tuple[str, ...]) -> Iterator[Mistake]:
    """A list without a question, with too many, or with one that is there twice."""
    if isinstance(questions, str):
        return
    if not 1 <= len(questions) <= _QUESTIONS_MAX:
        what = f"there are {len(questions)} questions"
        remedy = f"give 1 to {_QUESTIONS_MAX}, or 'bant' or 'meddic'"
        yield document.mistake(("questions",), what, remedy)
    for index, question in enumerate(questions):
        if question in questions[:index]:
            what = f"the question '{question}' is there twice"
            yield document.mistake(("questions", index), what, "remove one of them")
