#!/usr/bin/env bash
# sbom.sh NAME VERSION SQLCIPHER PROGRAM: the bill of materials of a program in CycloneDX 1.5 JSON, on standard output: every shared
# library that it loads, with the package that it comes from, and what is linked into it. SQLCIPHER is the note of the build that was
# linked statically ("name version sha256", beside libsqlcipher.a) or empty. The same input gives the same bytes.
set -euo pipefail
export LC_ALL=C
name=$1 version=$2 note=$3 program=$4
architecture=$(dpkg --print-architecture)
distribution=$(. /etc/os-release && echo "$ID-$VERSION_ID")

encode() { sed 's/%/%25/g; s/+/%2B/g; s/:/%3A/g; s/~/%7E/g' <<<"$1"; }
hash_of() { sha256sum "$1" | cut -d' ' -f1; }
purl() { # PACKAGE VERSION ARCHITECTURE
  echo "pkg:deb/$(. /etc/os-release && echo "$ID")/$(encode "$1")@$(encode "$2")?arch=$3&distro=$distribution"
}
component() { # NAME VERSION PURL SHA256 SCOPE
  printf '{"type":"library","bom-ref":"%s","name":"%s","version":"%s","scope":"required","hashes":[{"alg":"SHA-256","content":"%s"}],"purl":"%s"%s}' \
    "$3" "$1" "$2" "$4" "$3" "$5"
}

# The dynamic loader names what the program would load. A package may call the same file by its path before or after the folders were
# merged under /usr: both are asked for, all in one question.
libraries() { ldd "$1" | awk '$2 == "=>" && $3 ~ /^\// {print $3} $1 ~ /^\/.*ld-linux/ {print $1}' | xargs -n 1 realpath | sort -u; }
files=$(libraries "$program")
# shellcheck disable=SC2086
owners=$(dpkg-query -S $files $(sed -n 's,^/usr,,p' <<<"$files") 2>/dev/null | sed 's,: /usr/,: /,; s/,.*: /: /' || true)
owner() { # FILE
  awk -v path="${1#/usr}" -F ': ' '$2 == path {print $1; found = 1; exit} END {exit !found}' <<<"$owners" ||
    { echo "sbom: no package owns $1" >&2; return 1; }
}

packages=$(for file in $files; do
  package=$(owner "$file")
  printf '%s %s\n' "$(dpkg-query -W -f '${Package} ${Version} ${Architecture}' "$package")" "$(hash_of "$file")"
done | sort -u -k1,1)

components=() references=()
while read -r package number its_architecture sum; do
  reference=$(purl "$package" "$number" "$its_architecture")
  components+=("$(component "$package" "$number" "$reference" "$sum" ',"properties":[{"name":"chatham:linkage","value":"shared"}]')")
  references+=("\"$reference\"")
done <<<"$packages"
if [ -n "$note" ]; then
  read -r package number sum <"$note"
  reference=$(purl "$package" "$number" source)
  components+=("$(component "$package" "$number" "$reference" "$sum" ',"properties":[{"name":"chatham:linkage","value":"static"}]')")
  references+=("\"$reference\"")
fi

join() { local IFS=,; echo "$*"; }
body=$(join "${components[@]}")
id=$(printf '%s %s %s' "$name" "$version" "$body" | sha256sum)
serial="urn:uuid:${id:0:8}-${id:8:4}-8${id:13:3}-8${id:17:3}-${id:20:12}"
moment=$(date -u -d "@${SOURCE_DATE_EPOCH:?}" +%Y-%m-%dT%H:%M:%SZ)
reference=$(purl "$name" "$version" "$architecture")
cat <<JSON
{"bomFormat":"CycloneDX","specVersion":"1.5","serialNumber":"$serial","version":1,
"metadata":{"timestamp":"$moment","component":{"type":"application","bom-ref":"$reference","name":"$name","version":"$version",
"hashes":[{"alg":"SHA-256","content":"$(hash_of "$program")"}],"licenses":[{"license":{"id":"Apache-2.0"}}],"purl":"$reference"}},
"components":[
$body],
"dependencies":[{"ref":"$reference","dependsOn":[$(join "${references[@]}")]}]}
JSON
