#!/usr/bin/env bash
# The measure behind tests/score/differential.py, on rows whose answer is known by hand.
set -euo pipefail
python3 "${CHATHAM_SOURCE:-.}/tests/score/differential.py" --check
