"""
What Hangar, pyarrow and DuckDB read of every type of Parquet's own, in every place: `logical_types.py LOCATION FOLDER`.

One JSON line for each type, annotation and place. Of Hangar: the type that it gives, or `refused` and why. Of the
others: `=` where they read the same, otherwise the type that they give, or `refused`.
"""

import json
import sys
import tempfile
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.flight as flight

from checks import drop, get
from logical_groups import NAME, groups
from logical_leaves import Leaf, leaves
from parquet_tree import Node, write_tree
from raw_parquet import OPTIONAL, REPEATED, REQUIRED
from readers import by_duckdb, by_pyarrow, values_of


def places(leaf: Leaf) -> dict[str, tuple[Node, list]]:
    """The columns that a type stands in, and their rows."""
    at = lambda name, repetition: Node(name, repetition, leaf.physical, annotation=leaf.annotation)
    a, b, c = leaf.values or [None] * 3
    item = Node("list", REPEATED, children=[at("element", OPTIONAL)])
    lists = Node(NAME, OPTIONAL, children=[item], annotation={6: (5, 3)})
    struct = Node(NAME, OPTIONAL, children=[at("x", OPTIONAL)])
    found = {
        "required": (at(NAME, REQUIRED), [a, b, c]),
        "optional": (at(NAME, OPTIONAL), [a, None, c]),
        "repeated": (at(NAME, REPEATED), [[a, b], [], [c]]),
        "struct": (struct, [{"x": a}, None, {"x": None}]),
        "list": (lists, [{"list": [{"element": a}, {"element": None}, {"element": b}]}, None, {"list": []}]),
    }
    if not leaf.values:
        # What is not there can only be optional.
        found = {name: found[name] for name in ("optional", "struct", "list")}
    return found


def cases():
    """Each type, how it is annotated, the place, its column and the rows of that."""
    for leaf in leaves():
        for place, (column, rows) in places(leaf).items():
            yield leaf.type, leaf.annotated, place, column, rows
    for each in groups():
        yield each.type, each.annotated, "column", each.column, each.rows


def attempt(read):
    """The only column that a reader gives, and its values; or why it refuses."""
    try:
        (column,) = read().columns
        return column.type, values_of(column), ""
    except Exception as error:
        return None, None, str(error)


def upload(location: str, path: Path) -> str:
    """Why a file is refused; empty where it is taken."""
    url = f"{location.replace('grpc://', 'http://')}/datasets/{path.name}"
    try:
        urllib.request.urlopen(urllib.request.Request(url, data=path.read_bytes(), method="PUT")).close()
        return ""
    except urllib.error.HTTPError as error:
        return json.loads(error.read())["message"]


def judge(location: str, client, path: Path, case) -> dict:
    type_, annotated, place, column, rows = case
    write_tree(path, [column], [{NAME: row} for row in rows])
    arrow, by_arrow, _ = attempt(lambda: by_pyarrow(path))
    duck, by_duck, _ = attempt(lambda: by_duckdb(path))
    message = upload(location, path)
    own = mine = None
    if not message:
        own, mine, message = attempt(lambda: get(client, path.name))
        drop(client, path.name)
    path.unlink()
    same = lambda kind, values, is_same: "refused" if kind is None else "=" if is_same else str(kind)
    return {
        "type": type_,
        "annotated": annotated,
        "place": place,
        "hangar": "refused" if own is None else str(own),
        "pyarrow": same(arrow, by_arrow, own == arrow and mine == by_arrow),
        "duckdb": same(duck, by_duck, mine == by_duck),
        "message": message,
    }


def main() -> None:
    location, _ = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, flight.connect(location) as client, ThreadPoolExecutor(3) as pool:
        run = lambda numbered: judge(location, client, Path(folder) / f"{numbered[0]}.parquet", numbered[1])
        for row in pool.map(run, enumerate(cases())):
            print(json.dumps(row), flush=True)


main()
