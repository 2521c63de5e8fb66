"""Compares what Hangar reads of a mutated file with what pyarrow and DuckDB read of it."""

import random

import pyarrow as pa

from mutate import mutate
from raw_parquet import read_file, write_file
from readers import by_duckdb, by_hangar, by_pyarrow, columns_of


def attempt(read):
    """What a reader gives, or why it refuses."""
    try:
        table = read()
        return table, columns_of(table), ""
    except BaseException as error:
        return None, None, f"{type(error).__name__}: {error}"


def as_duckdb_names(mine, by_duck):
    """DuckDB's reading under our names where it has to give names of its own: to empty ones, and to ones it takes for equal."""
    if by_duck is None or len(mine) != len(by_duck):
        return by_duck
    folded = [name.lower() for name, _ in mine]
    has_own = lambda name: name != "" and "\0" not in name and folded.count(name.lower()) == 1
    return [(theirs if has_own(name) else name, values) for (name, _), (theirs, values) in zip(mine, by_duck)]


def difference(mine, theirs):
    """The first column and values that differ."""
    if mine is None or theirs is None:
        return "no reading"
    if [name for name, _ in mine] != [name for name, _ in theirs]:
        return f"columns {[n for n, _ in mine]} / {[n for n, _ in theirs]}"[:300]
    for (name, values), (_, others) in zip(mine, theirs):
        if values != others:
            pairs = [pair for pair in zip(values, others) if pair[0] != pair[1]][:2]
            return f"{name}: {len(values)}/{len(others)} rows, {pairs}"[:300]
    return ""


def types_of(table):
    """The types of the columns; those that pyarrow has an extension for, such as JSON, by what they are stored as."""
    return [str(getattr(kind, "storage_type", kind)) for kind in table.schema.types]


def judge(client, repo, bases, seed):
    """The verdict on one file, what was done to it, and what it shows."""
    rng = random.Random(seed)
    stem, body, footer, unmutated = bases[seed % len(bases)]
    body, footer, names = mutate(rng, body, footer)
    path = repo / f"m{seed}.parquet"
    write_file(path, body, footer)
    try:
        verdict, detail = judge_file(client, path, rng, unmutated)
    finally:
        path.unlink()
        path.with_suffix(".bare").unlink(missing_ok=True)
    return verdict, f"{stem} {names} {detail}"


def write_bare(path):
    """The same file without what rows can be read without: statistics, page indexes and orders."""
    body, footer = read_file(path)
    footer.pop(7, None)
    for chunk in (chunk for group in footer[4][1][1] for chunk in group[1][1][1]):
        for field in (4, 5, 6, 7):
            chunk.pop(field, None)
        chunk[3][1].pop(12, None)
    bare = path.with_suffix(".bare")
    write_file(bare, body, footer)
    return bare


def judge_file(client, path, rng, unmutated):
    arrow, by_arrow, arrow_error = attempt(lambda: by_pyarrow(path))
    _, by_duck, duck_error = attempt(lambda: by_duckdb(path))
    own, mine, own_error = attempt(lambda: by_hangar(client, path.name))
    errors = f"| hangar: {own_error[:150]} | pyarrow: {arrow_error[:90]} | duckdb: {duck_error[:90]}"
    if own is None:
        count = (by_arrow is None) + (by_duck is None)
        return ["refused alone", "refused with another", "refused by all"][count], errors
    by_duck = as_duckdb_names(mine, by_duck)
    if by_arrow is None and by_duck is None:
        # Both are strict about statistics and orders, which decide nothing of what is read: rows are those of the pages.
        _, bare, _ = attempt(lambda: by_pyarrow(write_bare(path)))
        found = difference(mine, bare or unmutated)
        return ("silent", f"read alone: {found} {errors}") if found else ("read alone", errors)
    if mine == by_arrow:
        if types_of(own) != types_of(arrow):
            pairs = [(f.name, str(f.type), str(g.type)) for f, g in zip(own.schema, arrow.schema) if f.type != g.type]
            return "other types", f"{pairs[:2]} {errors}"
    elif mine != by_duck:
        return "silent", f"pyarrow: {difference(mine, by_arrow)} duckdb: {difference(mine, by_duck)} {errors}"
    parts = judge_parts(client, path.name, own, mine, rng)
    return ("parts", f"{parts} {errors}") if parts else ("agree", "")


def judge_parts(client, name, table, columns, rng):
    """Why rows from an offset, or of a filter, are not those of the whole; empty where they are."""
    count = table.num_rows
    offset, limit = rng.randrange(count + 1), rng.randrange(1, 20)
    got, rows, error = attempt(lambda: by_hangar(client, name, offset=offset, limit=limit))
    expected = [(name, values[offset : offset + limit]) for name, values in columns]
    if rows != expected:
        return f"offset {offset} limit {limit}: {error or difference(rows, expected)}"
    at = rng.randrange(len(columns))
    column, values = columns[at]
    if not column or [name for name, _ in columns].count(column) > 1 or "\0" in column:
        return ""
    kind = table.schema.types[at]
    literal = rng.choice(values) if values else None
    quoted = '"' + column.replace('"', '""') + '"'
    if pa.types.is_integer(kind) and literal is not None:
        operator = rng.choice(["=", ">=", "<"])
        test = {"=": int.__eq__, ">=": int.__ge__, "<": int.__lt__}[operator]
        where, keeps = f"{quoted} {operator} {literal}", lambda value: value is not None and test(value, literal)
    elif pa.types.is_string(kind) and literal is not None:
        where, keeps = f"{quoted} = '{literal}'", lambda value: value == literal
    else:
        is_null = rng.random() < 0.5
        where, keeps = f"{quoted} is {'null' if is_null else 'not null'}", lambda value: (value is None) == is_null
    kept = [i for i, value in enumerate(values) if keeps(value)]
    got, rows, error = attempt(lambda: by_hangar(client, name, filter=where))
    expected = [(name, [values[i] for i in kept]) for name, values in columns]
    if rows != expected:
        return f"filter {where}: {error or difference(rows, expected)}"
    return ""
