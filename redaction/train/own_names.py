#!/usr/bin/env python3
"""Our own lists of names as lines CLASS<TAB>WORD: redaction/names_data.c on standard input."""
import re
import sys

source = sys.stdin.read()
for kind in ("given", "family"):
    strings = re.search(r"names_%s\[\] =(.*?);" % kind, source, re.S).group(1)
    for word in "".join(re.findall(r'"([^"]*)"', strings)).split():
        print(kind, word, sep="\t")
