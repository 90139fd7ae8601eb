#!/usr/bin/env bash
# 300 MB of each shape through a pipe: chatham scrub never holds more than 100 MB, whatever comes.
# CHATHAM_MEMORY_MB: another size.
set -uo pipefail
build=${CHATHAM_BUILD:-build/dev}
if grep -q '^CHATHAM_SANITIZE:[A-Z]*=..' "$build/CMakeCache.txt"; then echo "scrub_memory: sanitizers hold more"; exit 77; fi
exec python3 - "$build/chatham" "${CHATHAM_MEMORY_MB:-300}" <<'PYTHON'
import os, sys, threading

program, size = sys.argv[1], int(sys.argv[2]) * 1_000_000
MOST = 100_000_000

def many(unit, before=b"", after=b""):
    """The unit again and again: about a megabyte a time."""
    unit = unit.encode() if isinstance(unit, str) else unit
    block = unit * (1_000_000 // len(unit) + 1)
    yield before
    for _ in range(size // len(block) + 1):
        yield block
    yield after

def counted(form, before=b"", after=b""):
    """A value of its own in each place."""
    yield before
    sent = number = 0
    while sent < size:
        block = "".join(form % n for n in range(number, number + 20000)).encode()
        number += 20000
        sent += len(block)
        yield block
    yield after

prose = "The agent looks at what a@example.com asked, compares it and goes on. "
shapes = {
    "one line of prose": lambda: many(prose),
    "lines of prose": lambda: many(prose + "\n"),
    "an address of its own each": lambda: counted("u%x@b.co\n"),
    "one JSON string": lambda: many(r'say \"hi\" to \u0061@example.com\n', b'["', b'"]'),
    "one JSON document": lambda: counted('{"name": "Mia Li", "id": %d, "text": "to a@example.com"},\n', b'{"a": [', b'1]}'),
    "short JSON strings": lambda: many('"a","b",', b'[', b'"c"]'),
    "JSON lines": lambda: many('{"password": "x7", "text": "%s"}\n' % prose),
    "a JSON line without end": lambda: counted('["a", %d],', b'[1]\n[', b'1]'),
    "deep JSON": lambda: many('{"a":['),
    "letters outside ASCII": lambda: many("\u00e9"),
    "the same in JSON": lambda: many("\u00e9", b'["', b'"]'),
    "digits": lambda: many("4111111111111111"),
    "@": lambda: many("@"),
    "base64": lambda: many("QWxhZGRpbjpvcGVuIHNlc2FtZQ/+b3BlbiBzZXNhbWU"),
    "base64 words": lambda: many("bWFpbCBhQGV4YW1wbGUuY29tLCBwbGVhc2U= "),
    "percent signs": lambda: many("%61%40%65"),
    "entities": lambda: many("&#97;&amp;"),
    "quotes": lambda: many('"'),
    "backslashes": lambda: many("\\"),
    "NULs": lambda: many(b"\0"),
    "bytes that are no UTF-8": lambda: many(b"\xff\xc3a"),
}

def run(shape, options):
    to_child, to_us = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(to_child[0], 0)
        os.dup2(to_us[1], 1)
        for fd in (*to_child, *to_us):
            os.close(fd)
        os.nice(5)
        os.execv(program, [program, "scrub", *options])
    os.close(to_child[0])
    os.close(to_us[1])

    def feed():
        try:
            for block in shape():
                at = 0
                while at < len(block):
                    at += os.write(to_child[1], block[at:])
        except BrokenPipeError:
            pass
        os.close(to_child[1])

    feeder = threading.Thread(target=feed)
    feeder.start()
    total = 0
    while block := os.read(to_us[0], 1 << 16):
        total += len(block)
    feeder.join()
    os.close(to_us[0])
    _, status, usage = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024, usage.ru_utime, total

runs = [(name, shape, [], 0) for name, shape in shapes.items()]
runs.append(("addresses, reported", shapes["an address of its own each"], ["--check"], 3))
runs.append(("records of 12 MB", lambda: many(b'{"id": 1, "text": "' + b"a@b.co " * 1_700_000 + b'"}\n'), ["--batch"], 0))
failed = False
for name, shape, options, wanted in runs:
    code, peak, seconds, total = run(shape, options)
    bad = code != wanted or peak > MOST or total == 0
    failed |= bad
    print(f"{'RED ' if bad else ''}{name}: {peak / 1e6:.0f} MB, {size / 1e6 / max(seconds, 0.001):.0f} MB/s, exit {code}", flush=True)
sys.exit(failed)
PYTHON
