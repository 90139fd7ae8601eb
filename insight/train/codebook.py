#!/usr/bin/env python3
"""Makes the public codebook: the topics that a device may vote for (insight/codebook.h).

    python3 insight/train/codebook.py > insight/codebook_words.h

The text is public and of no member: what Python's standard library says of itself (first lines of its documentation,
by introspection), the messages of the C library and of HTTP, and the names of standard exceptions. Of the public
vocabulary (insight/common.c) the content words are ranked by the number of texts that have them; those of the middle
are taken: the commonest tell nothing, and the rarest are nobody's. A codebook that was shipped is never changed: a new
one has a new version. Newer releases of the library give other counts; the committed words are version 1."""
import ast, builtins, collections, http, inspect, os, pathlib, pkgutil, re, signal, sys, sysconfig

HERE = pathlib.Path(__file__).parent.parent
TOPICS, SKIPPED, LEAST = 255, 12, 8
MODULES_LEFT_OUT = re.compile(r"^(idlelib|lib2to3|test|turtledemo|ensurepip|__)|\.(test|tests|_)")


def table(name):
    """The strings of a table of insight/common.c."""
    text = (HERE / "common.c").read_text()
    body = re.search(r"static const char \*const " + name + r"\[\] = \{(.*?)\};", text, re.S).group(1)
    return set(re.findall(r'"([^"]*)"', body))


def first_paragraph(text):
    return text.strip().split("\n\n")[0] if text else ""


def library_texts():
    """First paragraphs of documentation, read from the sources without running them."""
    root = pathlib.Path(sysconfig.get_path("stdlib"))
    for file in sorted(root.rglob("*.py")):
        name = ".".join(file.relative_to(root).with_suffix("").parts)
        if MODULES_LEFT_OUT.search(name) or "site-packages" in name or "dist-packages" in name:
            continue
        try:
            tree = ast.parse(file.read_bytes())
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                yield first_paragraph(ast.get_docstring(node))


def messages():
    yield from (os.strerror(number) for number in range(1, 134))
    yield from (f"{status.phrase}. {status.description}" for status in http.HTTPStatus)
    yield from (signal.strsignal(number) or "" for number in range(1, 32))
    for value in vars(builtins).values():
        if inspect.isclass(value) and issubclass(value, BaseException):
            yield inspect.getdoc(value) or ""


def is_form(word, known):
    """A plural, past or -ing form of a word that is ranked itself: it goes with that one."""
    stems = [word[:-1], word[:-2], word[:-3], word[:-3] + "e", word[:-3] + "y"]
    return re.search(r"(s|ed|d|ing)$", word) and any(stem in known and len(stem) > 2 for stem in stems)


def main():
    words, stops = table("common_words"), table("stop_words")
    texts = collections.Counter()
    for text in list(library_texts()) + list(messages()):
        found = set(re.findall(r"[a-z]+", text.lower()))
        texts.update(word for word in found if word in words and word not in stops and len(word) > 2)
    ranked = [word for word, count in sorted(texts.items(), key=lambda item: (-item[1], item[0])) if count >= LEAST]
    known = set(ranked)
    topics = [word for word in ranked[SKIPPED:] if not is_form(word, known)][:TOPICS]
    if len(topics) < TOPICS:
        sys.exit("too little text: no codebook")
    print("/* The words of codebook version 1, the commonest first: written by insight/train/codebook.py, never changed. */")
    print("#pragma once\n")
    print(f"static const char *const codebook_words[{TOPICS}] = {{")
    print("    /* clang-format off */")
    line = "   "
    for word in topics:
        if len(line) + len(word) + 4 > 118:
            print(line)
            line = "   "
        line += f' "{word}",'
    print(line)
    print("    /* clang-format on */")
    print("};")


if __name__ == "__main__":
    main()
