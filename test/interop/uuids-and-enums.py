"""Columns of Parquet's UUID and ENUM: their text and their filters, compared with what DuckDB makes of the same file."""

import csv
import json
import uuid
from urllib.parse import urlencode
from urllib.request import urlopen

import duckdb
import pyarrow as pa

from checks import assert_equal, assert_raises, get, put, run
from filter_data import selected
from logical_leaves import converted, i32, logical, width
from parquet_tree import BYTE_ARRAY, FIXED, INT32, Node, write_tree
from raw_parquet import OPTIONAL, REQUIRED

# DEAD, beef and 0x41 are also notations of bytes.
KINDS = ["RED", "DEAD", "beef", "0x41", "it's, \"ł\"", "", None, "RED"]
KEYS = [uuid.UUID(int=n * 0x0123_4567_89AB_CDEF_FEDC_BA98_7654_3210 % 2**128) if n != 3 else None for n in range(8)]


def write(repo):
    """The columns at the top, annotated in two ways, and in a struct."""
    key = lambda: Node("key", OPTIONAL, FIXED, annotation=width(16) | logical(14))
    kind = lambda annotation: Node("kind", OPTIONAL, BYTE_ARRAY, annotation=annotation)
    old = Node("old", OPTIONAL, BYTE_ARRAY, annotation=converted(4))
    place = Node("place", OPTIONAL, children=[key(), kind(logical(4))])
    columns = [Node("id", REQUIRED, INT32), key(), kind(logical(4)), old, place]
    rows = []
    for row, number in enumerate(i32(*range(8))):
        inner = {"key": KEYS[row] and KEYS[row].bytes, "kind": None if KINDS[row] is None else KINDS[row].encode()}
        rows.append({"id": number, **inner, "old": inner["kind"], "place": inner})
    write_tree(repo / "marked.parquet", columns, rows)


def truth(repo, sql: str) -> list:
    # DuckDB knows ENUM by the converted type of older files alone.
    texts = "id, key, decode(kind) as kind, old, {'key': place.key, 'kind': decode(place.kind)} as place"
    file = f"(select {texts} from read_parquet('{repo / 'marked.parquet'}'))"
    with duckdb.connect() as connection:
        return connection.sql("select " + sql.replace("FILE", file)).fetchall()


def text(location: str, name: str, format: str) -> str:
    query = urlencode({"format": format})
    with urlopen(f"{location.replace('grpc://', 'http://')}/datasets/{name}?{query}") as answer:
        return answer.read().decode()


def check_they_are_text_as_in_duckdb(client, location, repo):
    write(repo)
    expected = truth(repo, "key::varchar, kind, old, place.key::varchar, place.kind from FILE order by id")
    schema = get(client, "marked.parquet").schema
    assert_equal([str(schema.field(name).type) for name in ("key", "kind", "old")], ["extension<arrow.uuid>", "binary", "binary"])
    # A copy that went through Arrow keeps what its fields say.
    put(client, "copied.parquet", get(client, "marked.parquet"))
    for name in ("marked.parquet", "copied.parquet"):
        rows = [json.loads(line) for line in text(location, name, "ndjson").splitlines()]
        values = [(row["key"], row["kind"], row["old"], row["place"]["key"], row["place"]["kind"]) for row in rows]
        assert_equal(values, expected)
        cells = list(csv.reader(text(location, name, "csv").splitlines()))[1:]
        assert_equal([cell[1:4] for cell in cells], [[each or "" for each in row[:3]] for row in expected])


def check_filters_take_them_as_text(client, repo):
    write(repo)
    low, high = sorted([KEYS[1], KEYS[2]])
    for filter in (
        f"key = '{KEYS[2]}'",
        f"key = '{str(KEYS[2]).upper()}' or key is null",
        f"key > '{low}' and key <= '{high}'",
        f"place.key in ('{KEYS[1]}', '{KEYS[5]}')",
        "kind = 'RED'",
        "kind in ('DEAD', 'beef', '0x41', '')",
        "old = 'it''s, \"ł\"' or old > 'b'",
        "place.kind like '%EA%' or place.kind = 'RED'",
        "kind <> 'RED'",
    ):
        expected = [id for (id,) in truth(repo, f"id from FILE where {filter} order by id")]
        assert_equal(selected(client, "marked.parquet", filter, columns=["id"])["id"].to_pylist(), expected)
    assert_equal(selected(client, "marked.parquet", "kind = 0x524544", columns=["id"])["id"].to_pylist(), [0, 7])
    for filter, words in (
        ("key = '0123'", "'0123' is not a valid UUID such as"),
        ("key = '0x0102'", "it has 2 bytes, not 16"),
    ):
        assert_raises(pa.ArrowInvalid, lambda: selected(client, "marked.parquet", filter), mentions=words)


run(globals())
