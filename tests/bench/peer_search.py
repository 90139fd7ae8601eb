"""Peer of search_bench: bare SQLite FTS5 through Python, in a plain file. It gets the same texts and questions, asks for
all the words and, if nothing has them all, for any, and ranks by bm25. No encryption, no re-ranking."""
import os
import re
import sqlite3
import sys
import time

FOLDER = sys.argv[1]


def match(cursor, words, joiner):
    question = joiner.join(f'"{word}"' for word in words)
    return cursor.execute("SELECT rowid FROM insight WHERE insight MATCH ? ORDER BY rank LIMIT 10", (question,)).fetchall()


def run(name):
    with open(os.path.join(FOLDER, name + ".insights"), encoding="utf-8") as file:
        insights = [(line,) for line in file]
    with open(os.path.join(FOLDER, name + ".queries"), encoding="utf-8") as file:
        queries = [re.findall(r"\w+", line) for line in file]
    path = os.path.join(FOLDER, name + ".db")
    start = time.perf_counter()
    database = sqlite3.connect(path)
    database.execute("CREATE VIRTUAL TABLE insight USING fts5 (text)")
    database.executemany("INSERT INTO insight VALUES (?)", insights)
    database.commit()
    built = time.perf_counter() - start
    times = []
    for words in queries:
        start = time.perf_counter()
        match(database, words, " AND ") or match(database, words, " OR ")
        times.append((time.perf_counter() - start) * 1e3)
    times.sort()
    who = f"SQLite {sqlite3.sqlite_version} FTS5 bare: all words, else any"
    print(f"peer\t{name}.p50\t{times[len(times) // 2]:.6g}\tms\t{who}")
    print(f"peer\t{name}.p99\t{times[len(times) * 99 // 100]:.6g}\tms\t{who}")
    print(f"peer\t{name}.build\t{built:.6g}\ts\t{who}")
    os.remove(path)


run("search.10k")
run("search.100k")
