#!/usr/bin/env bash
# The wire: lint, and nothing that breaks clients of the committed baseline.
# Run in a checkout whose environment (.venv, or the one of $PYTHON) has the dev extra; needs npm.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-$here/.venv/bin/python}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm install --silent --no-save --ignore-scripts --prefix "$work" @bufbuild/buf@1.75.0 >/dev/null
buf=$work/node_modules/.bin/buf
"$python" "$here/protos/generate.py" --image "$work/now.binpb"
cd "$here/protos"
"$buf" lint "$work/now.binpb"
"$buf" breaking "$work/now.binpb" --against baseline.binpb
echo "buf: lint clean, nothing broken"
