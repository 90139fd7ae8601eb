#!/usr/bin/env bash
# docs/redact-policy.schema.json judges the policies of the case folders as the scrubber does (policy_test.c).
command -v python3 >/dev/null || exit 77
exec python3 "${CHATHAM_SOURCE:?}/tests/redaction/policy_schema.py"
