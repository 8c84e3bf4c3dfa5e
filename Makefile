# A thin wrapper: every target is one command that also works without make.
.PHONY: demo test lint protos ci

demo:
	python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/leadscoring demo

test:
	python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest

lint:
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

protos:
	.venv/bin/python protos/generate.py

ci:
	.ci/run
