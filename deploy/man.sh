#!/usr/bin/env bash
# man.sh PAGE.md DAY: the page in man(7) on standard output. Its first line is "# name(section)", or "# name(section): what it does"
# for a page without a NAME of its own.
set -euo pipefail
[[ "$(head -n 1 "$1")" =~ ^#\ ([a-z-]+)\(([0-9])\)(:\ (.*))?$ ]] || { echo "man: no title in $1" >&2; exit 1; }
name=${BASH_REMATCH[1]} section=${BASH_REMATCH[2]} summary=${BASH_REMATCH[4]}
{
  [ -z "$summary" ] || printf '## NAME\n%s - %s\n\n' "$name" "$summary"
  tail -n +2 "$1"
} | lowdown -s -tman --parse-no-metadata --out-no-smarty -m "title=$name" -m "section=$section" -m "date=$2" -m shiftheadinglevelby=-1
