#!/usr/bin/env bash
# Training text in which nothing is to be withheld: the beginnings of every fourth of our own sources and documents, as
# they stood at a commit.
#
#     own.sh COMMIT > own.txt
set -euo pipefail
export LC_ALL=C
git ls-tree -r --name-only "$1" | grep -E '\.(c|h|md|sh|cmake)$|^dev$' |
    grep -vE '^(tests|redaction/(train|model))/|_data\.c$|^docs/redaction' | sort | awk 'NR % 4 == 0' |
    while read -r path; do
        echo %%
        git show "$1:$path" | sed -n 1,120p
    done
