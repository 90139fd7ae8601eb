"""The JSON Schema of policies and the scrubber judge alike: this side asks the schema, policy_test.c asks the parser.

A validator of the keywords that the schema uses, and no more: a keyword that it does not know fails the test."""
import json
import os
import re
import sys

TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "null": lambda v: v is None,
    "integer": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool) and v == int(v),
}
SILENT = {"$schema", "$defs", "title", "description"}


def same(a, b):
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def check_object(schema, value, root):
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", {})
    return (all(key in value for key in schema.get("required", []))
            and len(value) <= schema.get("maxProperties", len(value))
            and all(valid(schema.get("propertyNames", {}), key, root) for key in value)
            and all(valid(known.get(key, others), value[key], root) for key in value))


def check_string(schema, value):
    return (schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
            and re.search(schema.get("pattern", ""), value) is not None)


def check_number(schema, value):
    return schema.get("minimum", value) <= value <= schema.get("maximum", value)


def check_array(schema, value, root):
    return (schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
            and all(valid(schema.get("items", {}), item, root) for item in value))


def valid(schema, value, root):
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema and not valid(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, root):
        return False
    if "type" in schema and not TYPES[schema["type"]](value):
        return False
    if "const" in schema and not same(schema["const"], value):
        return False
    if "enum" in schema and not any(same(one, value) for one in schema["enum"]):
        return False
    if "oneOf" in schema and sum(valid(one, value, root) for one in schema["oneOf"]) != 1:
        return False
    if isinstance(value, dict):
        return check_object(schema, value, root)
    if isinstance(value, list):
        return check_array(schema, value, root)
    if isinstance(value, str):
        return check_string(schema, value)
    return not TYPES["number"](value) or check_number(schema, value)


USED = {"$ref", "type", "const", "enum", "oneOf", "properties", "additionalProperties", "required", "maxProperties",
        "propertyNames", "minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems",
        "items"} | SILENT


def unknown_keywords(schema):
    """Keywords of a schema and of all within it that this validator would pass over."""
    if isinstance(schema, bool):
        return set()
    found = set(schema) - USED
    inner = [schema[key] for key in ("additionalProperties", "propertyNames", "items") if key in schema]
    inner += schema.get("oneOf", [])
    inner += list(schema.get("properties", {}).values()) + list(schema.get("$defs", {}).values())
    for one in inner:
        found |= unknown_keywords(one)
    return found


def read(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    return json.JSONDecoder().raw_decode(text)[0]


def main():
    source = os.environ["CHATHAM_SOURCE"]
    schema = read(os.path.join(source, "docs/redact-policy.schema.json"))
    bad = sorted(unknown_keywords(schema))
    count = 0
    for folder, want in (("taken", True), ("refused", False), ("refused_by_parser", True)):
        path = os.path.join(source, "tests/cases/redaction/policies", folder)
        for name in sorted(os.listdir(path)):
            count += 1
            if valid(schema, read(os.path.join(path, name)), schema) != want:
                bad.append(f"{folder}/{name}")
    print(f"{count} policies", *bad)
    return 1 if bad or count < 50 else 0


if __name__ == "__main__":
    sys.exit(main())
