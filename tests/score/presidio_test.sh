#!/usr/bin/env bash
# The measure behind tests/score/presidio.py, on rows whose answer is known by hand.
set -euo pipefail
python3 "${CHATHAM_SOURCE:-.}/tests/score/presidio.py" --check
