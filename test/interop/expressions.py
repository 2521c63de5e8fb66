"""Random expressions with AND, OR, NOT, patterns, ranges and two columns, seeded, compared with what DuckDB selects."""

import uuid

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from checks import assert_equal, assert_raises, put, run
from filter_data import SQL_TYPES, assert_as_duckdb, literal, rng, selected, table, to_sql, to_sql_value

TEXTS = [path for path, type in SQL_TYPES.items() if type == "VARCHAR"]

# Columns that compare exactly in DuckDB too.
PAIRS = [
    *[(a, b) for a in ("i8", "u8", "i16", "u16", "i32", "u32", "i64") for b in ("i16", "u8", "id", "none") if a != b],
    *[("f32", "f64"), ("i32", "f64"), ("f32", "i16"), ("d9", "d18"), ("d18", "d9"), ("d9", "d38"), ("i16", "d9"), ("flag", "flag")],
    *[("day", "ts_us"), ("ts_us", "ts_ms"), ("ts_ms", "day"), ("ts_us", "ts_ns"), ("text", "word"), ("blob", "blob")],
]


def quote(path) -> str:
    return ".".join('"' + name.replace('"', '""') + '"' for name in path)


def text_value(value) -> str:
    return str(value).lower() if isinstance(value, bool) else "'" + str(value).replace("'", "''") + "'"


def pattern() -> tuple[str, str]:
    """A LIKE pattern and an escape, which may be empty."""
    text = "".join(rng.choice(["a", "b", "é", "x", "🍑", "1", "Ł", "ó", "_", "%", "%"]) for _ in range(rng.randint(1, 6)))
    return (text, "") if rng.random() < 0.7 else (text.replace("_", "!_", 1), "!")


def leaf() -> tuple[object, str, str]:
    """A condition as JSON, as text and as SQL."""
    kind = rng.choice(["plain", "plain", "between", "text", "text", "columns"])
    paths = list(SQL_TYPES)
    negation = rng.choice(["", "not "])
    if kind == "columns":
        left, right = rng.choice(PAIRS)
        operator = rng.choice(["=", "!=", "<", "<=", ">", ">="])
        sql = f"{quote((left,))} {operator} {quote((right,))}"
        return {"column": left, "op": operator, "value": {"column": right}}, sql, sql
    if kind == "between":
        path = rng.choice([path for path in paths if SQL_TYPES[path] != "BOOLEAN"])
        values = [literal(path), literal(path)]
        sides = [to_sql_value(SQL_TYPES[path], value) for value in values]
        made = {"column": list(path), "op": f"{negation}between", "value": values}
        text = f"{quote(path)} {negation}between {text_value(values[0])} and {text_value(values[1])}"
        # Written out, as DuckDB's BETWEEN casts both sides to one type.
        return made, text, f"{negation}({quote(path)} >= {sides[0]} and {quote(path)} <= {sides[1]})"
    if kind == "text":
        return text_leaf(rng.choice(TEXTS), negation)
    path = rng.choice(paths)
    operator = rng.choice(["=", "!=", "<", "<=", ">", ">=", "in", "not in", "is null", "is not null"])
    made = {"column": list(path), "op": operator}
    shown = ""
    if operator.endswith("in"):
        made["value"] = [literal(path) for _ in range(rng.randint(1, 4))]
        shown = f"({', '.join(map(text_value, made['value']))})"
    elif "null" not in operator:
        made["value"] = literal(path)
        shown = text_value(made["value"])
    return made, f"{quote(path)} {operator} {shown}", to_sql(made)


def text_leaf(path, negation) -> tuple[object, str, str]:
    operator = rng.choice(["like", "ilike", "contains", "icontains", "starts with", "ends with"])
    name = quote(path)
    made = {"column": list(path), "op": f"{negation}{operator}"}
    if operator.endswith("like"):
        made["value"], escape = pattern()
        end = f" escape '{escape}'" if escape else ""
        made |= {"escape": escape} if escape else {}
        text = f"{name} {negation}{operator} '{made['value']}'{end}"
        return made, text, text
    value = literal(path)
    start = rng.randint(0, 2)
    made["value"] = value[start : start + rng.randint(0, 3)] if operator != "ends with" else value[-rng.randint(1, 3) :]
    if operator.startswith("i"):
        made["value"] = made["value"].upper()
    sql = {
        "contains": f"contains({name}, '{made['value']}')",
        "icontains": f"contains(lower({name}), lower('{made['value']}'))",
        "starts with": f"starts_with({name}, '{made['value']}')",
        "ends with": f"ends_with({name}, '{made['value']}')",
    }[operator]
    return made, f"{name} {negation}{operator} {text_value(made['value'])}", f"{negation}{sql}"


def expression(depth: int) -> tuple[object, str, str]:
    kind = "leaf" if depth == 0 else rng.choice(["and", "or", "or", "not", "leaf"])
    if kind == "leaf":
        return leaf()
    if kind == "not":
        made, text, sql = expression(depth - 1)
        return {"not": made}, f"not ({text})", f"not ({sql})"
    parts = [expression(depth - 1) for _ in range(rng.randint(2, 3))]
    text, sql = (f" {kind} ".join(f"({part[i]})" for part in parts) for i in (1, 2))
    made = [part[0] for part in parts]
    return made if kind == "and" and rng.random() < 0.5 else {kind: made}, text, sql


def generated(count: int) -> list[tuple[object, str]]:
    """Filters in both forms, with the same in SQL."""
    made = [expression(rng.randint(0, 3)) for _ in range(count)]
    return [(json if i % 2 else text, sql) for i, (json, text, sql) in enumerate(made)]


def check_expressions_over_a_file_of_hangar_select_as_duckdb(client, repo):
    put(client, "own.parquet", table)
    assert_as_duckdb(client, repo, "own.parquet", generated(150))


def check_expressions_over_small_row_groups_and_pages_select_as_duckdb(client, repo):
    parquet.write_table(
        table, repo / "pages.parquet", row_group_size=7_000, data_page_size=1000, write_page_index=True
    )
    assert_as_duckdb(client, repo, "pages.parquet", generated(150))


def check_expressions_over_a_file_without_statistics_select_as_duckdb(client, repo):
    parquet.write_table(table, repo / "bare.parquet", write_statistics=False, use_dictionary=False)
    assert_as_duckdb(client, repo, "bare.parquet", generated(60))


def check_a_file_of_duckdb_is_filtered_alike(client, repo):
    parquet.write_table(table, repo / "source.parquet")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        options = "(FORMAT parquet, ROW_GROUP_SIZE 10240, PARQUET_VERSION V1)"
        connection.execute(f"COPY (FROM read_parquet('{repo}/source.parquet')) TO '{repo}/v1.parquet' {options}")
    assert_as_duckdb(client, repo, "v1.parquet", generated(60))


def check_other_columns_are_read_of_rows_that_meet_the_filter(client, repo):
    """Values come in runs, which statistics do not tell: each page has the least and the greatest value."""
    rows, run = 300_000, 15_000
    chosen = [rng.randrange(20) for _ in range(rows // run)]
    key = np.repeat(chosen, run) * 10 + np.arange(rows) % 10
    key[::500], key[1::500] = -1, 999
    texts = pa.array([f"row {n}" * (n % 4) if n % 6 else None for n in range(rows)])
    nested = pa.array([None if n % 9 == 0 else {"x": [n], "word": f"{n % 7}"} for n in range(rows)])
    runs = pa.table({"id": np.arange(rows), "key": pa.array(key), "view": texts, "nested": nested, "half": np.arange(rows) / 2})
    put(client, "runs.parquet", runs.set_column(2, "view", texts.cast(pa.string_view())))
    parquet.write_table(runs, repo / "groups.parquet", row_group_size=70_000)
    parquet.write_table(runs, repo / "pages.parquet", data_page_size=5000, write_page_index=True)
    for name, others in (("runs.parquet", ["id", "view", "nested"]), ("groups.parquet", ["id", "nested"]), ("pages.parquet", ["view", "half"])):
        for _ in range(8):
            value = rng.choice(chosen) * 10 + rng.randrange(10)
            filter, test = rng.choice(
                [
                    (f"key = {value}", key == value),
                    (f"key between {value} and {value + 12} and key != 999", (key >= value) & (key <= value + 12)),
                    (f"key in ({value}, 5000, -7)", key == value),
                    ("key = 998 or key = -2", np.zeros(rows, bool)),
                    ("key > -5", np.ones(rows, bool)),
                ]
            )
            matching = np.flatnonzero(test)
            offset, limit = rng.choice([(0, rows), (len(matching) // 2, 700), (3, 1)])
            got = selected(client, name, filter, columns=others, offset=offset, limit=limit)
            expected = runs.take(matching[offset:][:limit]).select(others)
            assert got.equals(expected.cast(got.schema)), f"{name}: {filter}, {offset}, {limit}: {got.num_rows}"


def check_a_list_of_conditions_is_and(client):
    put(client, "own.parquet", table)
    conditions = [{"column": "id", "op": "<", "value": 10}, {"column": "id", "op": ">", "value": 7}]
    for filter in (conditions, {"and": conditions}, [conditions], "id < 10 and id > 7", "(id between 8 and 9)"):
        assert_equal(selected(client, "own.parquet", filter, columns=["id"])["id"].to_pylist(), [8, 9])


def check_bytes_are_hexadecimal_text_or_a_uuid(client):
    uuids = [uuid.UUID(int=n << 64) for n in range(4)]
    colours = pa.array([b"red", b"blue", b"BLUE", None], pa.binary())
    rows = {"id": range(4), "colour": colours, "key": pa.array([u.bytes for u in uuids], pa.uuid())}
    put(client, "bytes.parquet", pa.table(rows))
    for filter, expected in (
        ("colour = 'text:red' or colour = 0x626c7565", [0, 1]),
        ("colour in ('0x424C5545', 'base64:cmVk')", [0, 2]),
        ("colour ilike 'b%' and colour not contains 'UE'", [1]),
        (f"key > '{uuids[1]}' and key <= 0x{uuids[3].hex}", [2, 3]),
    ):
        assert_equal(selected(client, "bytes.parquet", filter, columns=["id"])["id"].to_pylist(), expected)
    for filter, words in (
        ("colour = 'red'", "the bytes of a text are 'text:red'"),
        ("key = '0x0102'", "it has 2 bytes"),
    ):
        assert_raises(pa.ArrowInvalid, lambda: selected(client, "bytes.parquet", filter), mentions=words)


run(globals())
