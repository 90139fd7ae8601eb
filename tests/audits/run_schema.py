"""docs/audit-run.schema.json takes the runs that chatham-audit writes, knows every field of them, and refuses what a run never
says. Arguments: runs. The judge of a schema is that of the scrubber's policies."""
import copy
import json
import os
import sys

SOURCE = os.environ["CHATHAM_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests/redaction"))
from policy_schema import read, unknown_keywords, valid  # noqa: E402

CURVE = {"kind": "roc", "x": "x", "y": "y", "points": [[0, 0], [0.5, 0.75, 0.5, 1]]}


def closed(schema):
    """The same schema for which a field that it does not name is an error."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: closed(value) for key, value in schema.items()}
    if out.get("type") == "object" and isinstance(out.get("properties"), dict):
        out["additionalProperties"] = False
    return out


def changed(run, path, value):
    """A copy with one place set; None as value takes it away."""
    out = copy.deepcopy(run)
    place = out
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return out


REFUSED = (
    (("v",), 2), (("void",), "no"), (("results",), None), (("attacks",), None), (("started",), "today"), (("scope",), None),
    (("attacks", 0, "seconds"), "long"), (("results", 0, "verdict"), "safe"), (("results", 0, "verdict"), None),
    (("results", 0, "control"), "maybe"), (("results", 0, "samples"), -1), (("results", 0, "interval"), [0]),
    (("results", 0, "value"), "0"), (("results", 0, "family"), "others"), (("results", 0, "limit"), None),
    (("results", 0, "plot", "kind"), "pie"), (("results", 0, "plot", "points"), [[0]]),
    (("results", 0, "plot", "points"), [["a", 0]]), (("results", 0, "knows"), 1),
)
TAKEN = ((("results", 0, "plot"), CURVE), (("results", 0, "later"), 1))


def main():
    schema = read(os.path.join(SOURCE, "docs/audit-run.schema.json"))
    strict = closed(schema)
    bad = sorted(unknown_keywords(schema))
    runs = [read(path) for path in sys.argv[1:]]
    for path, run in zip(sys.argv[1:], runs):
        bad += [] if valid(schema, run, schema) else [f"{path} is refused"]
        bad += [] if valid(strict, run, strict) else [f"{path} has a field that the schema does not name"]
    for path, value in REFUSED:
        bad += [f"{path} = {value} is taken"] if valid(schema, changed(runs[0], path, value), schema) else []
    for path, value in TAKEN:
        bad += [] if valid(schema, changed(runs[0], path, value), schema) else [f"{path} = {value} is refused"]
    print(f"{len(runs)} runs", *bad, sep="\n")
    return 1 if bad or not runs else 0


sys.exit(main())
