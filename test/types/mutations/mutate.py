"""Mutations of a footer: each changes one thing that a footer says, as a broken or an odd writer might."""

import copy
import struct

from raw_parquet import BINARY, BYTE, FALSE, I16, I32, I64, LIST, STRUCT, TRUE, encode_struct, read_struct


def _groups(footer):
    return footer[4][1][1]


def _chunk(rng, footer):
    return rng.choice(rng.choice(_groups(footer))[1][1][1])


def _meta(rng, footer):
    return _chunk(rng, footer)[3][1]


def _other(rng, value):
    return rng.choice([0, 1, -1, value + 1, value - 1, value * 2, 1 << 31, 2**62])


def statistics(rng, footer):
    found = _meta(rng, footer).get(12)
    if not found:
        return
    stats = found[1]
    fid = rng.choice([1, 2, 3, 5, 6, 7, 8])
    action = rng.randrange(5)
    if action == 0:
        stats.pop(fid, None)
    elif action == 1 and 5 in stats and 6 in stats:
        stats[5], stats[6] = stats[6], stats[5]
    elif action == 2 and fid in (1, 2, 5, 6) and fid in stats:
        stats[fid] = (BINARY, stats[fid][1][: rng.randrange(len(stats[fid][1]) + 1)])
    elif action == 3:
        stats[3] = (I64, rng.choice([-1, 0, 1, 5, 30, 60, 61, 2**40]))
    else:
        stats.setdefault(1, stats.get(6, (BINARY, b"")))
        stats[rng.choice([7, 8])] = (rng.choice([TRUE, FALSE]), rng.random() < 0.5)


def nan_bounds(rng, footer):
    meta = _meta(rng, footer)
    if meta[1][1] == 5 and 12 in meta:
        meta[12][1][rng.choice([5, 6])] = (BINARY, struct.pack("<d", float("nan")))


def offsets(rng, footer):
    meta = _meta(rng, footer)
    fid = rng.choice([9, 10, 11])
    if rng.random() < 0.2:
        meta.pop(fid, None)
    else:
        meta[fid] = (I64, _other(rng, meta.get(fid, (I64, 4))[1]))


def chunk_places(rng, footer):
    chunk = _chunk(rng, footer)
    fid = rng.choice([2, 4, 5, 6, 7])
    if rng.random() < 0.4:
        chunk.pop(fid, None)
    else:
        chunk[fid] = (I32 if fid in (5, 7) else I64, _other(rng, chunk.get(fid, (I64, 4))[1]) % (2**31 - 1))


def sizes(rng, footer):
    meta = _meta(rng, footer)
    fid = rng.choice([5, 6, 7])
    meta[fid] = (I64, _other(rng, meta[fid][1]))


def counts(rng, footer):
    target, fid = rng.choice([(footer, 3), (rng.choice(_groups(footer)), 3), (rng.choice(_groups(footer)), 2)])
    target[fid] = (I64, _other(rng, target[fid][1]))


def ordinals(rng, footer):
    group = rng.choice(_groups(footer))
    fid, kind = rng.choice([(5, I64), (6, I64), (7, I16)])
    if rng.random() < 0.4:
        group.pop(fid, None)
    else:
        group[fid] = (kind, rng.choice([0, 1, 7, -1, 30000]))


def encodings(rng, footer):
    _meta(rng, footer)[2] = (LIST, (I32, [rng.choice([0, 2, 3, 4, 5, 6, 7, 8, 9]) for _ in range(rng.randrange(4))]))


def codecs(rng, footer):
    _meta(rng, footer)[4] = (I32, rng.randrange(9))


def physical(rng, footer):
    rng.choice([_meta(rng, footer), rng.choice(footer[2][1][1][1:])])[1] = (I32, rng.randrange(9))


def names(rng, footer):
    name = rng.choice(["", "id", "a.b", "é", "价格", "x" * 300, "nul\0", "list", "text"])
    if rng.random() < 0.3:
        _meta(rng, footer)[3] = (LIST, (BINARY, [name]))
    else:
        rng.choice(footer[2][1][1])[4] = (BINARY, name)


def key_values(rng, footer):
    entries = footer.get(5, (LIST, (STRUCT, [])))[1][1]
    action = rng.randrange(5)
    if action == 0:
        footer.pop(5, None)
    elif action == 1 and entries:
        rng.choice(entries).pop(2, None)
    elif action == 2 and entries:
        rng.choice(entries)[2] = (BINARY, rng.choice(["", "not base64 !", "AAAA"]))
    elif action == 3 and entries:
        entries.append(copy.deepcopy(rng.choice(entries)))
    else:
        footer[5] = (LIST, (STRUCT, [*entries, {1: (BINARY, rng.choice(["", "a", "geo"])), 2: (BINARY, "{}")}]))


def _logical(rng):
    unit = (STRUCT, {rng.choice([1, 2, 3]): (STRUCT, {})})
    utc = (rng.choice([TRUE, FALSE]), rng.random() < 0.5)
    return rng.choice(
        [
            {1: (STRUCT, {})}, {4: (STRUCT, {})}, {6: (STRUCT, {})}, {11: (STRUCT, {})}, {12: (STRUCT, {})},
            {13: (STRUCT, {})}, {14: (STRUCT, {})}, {15: (STRUCT, {})}, {16: (STRUCT, {})},
            {5: (STRUCT, {1: (I32, rng.randrange(-1, 12)), 2: (I32, rng.randrange(1, 40))})},
            {7: (STRUCT, {1: utc, 2: unit})}, {8: (STRUCT, {1: utc, 2: unit})},
            {10: (STRUCT, {1: (BYTE, rng.choice([8, 16, 32, 64])), 2: utc})},
        ]
    )  # fmt: skip


def logical_types(rng, footer):
    element = rng.choice(footer[2][1][1][1:])
    action = rng.randrange(4)
    if action == 0:
        element.pop(10, None)
    elif action == 1:
        element.pop(6, None)
        element.pop(10, None)
    elif action == 2:
        element.pop(10, None)
        element[6] = (I32, rng.randrange(22))
    else:
        element.pop(6, None)
        element[10] = (STRUCT, _logical(rng))


def widths(rng, footer):
    element = rng.choice(footer[2][1][1][1:])
    fid = rng.choice([2, 7, 8, 9])
    if rng.random() < 0.4:
        element.pop(fid, None)
    else:
        element[fid] = (I32, rng.choice([-1, 0, 1, 2, 9, 16, 38, 77]))


def repetitions(rng, footer):
    rng.choice(footer[2][1][1][1:])[3] = (I32, rng.randrange(3))


def orders(rng, footer):
    if rng.random() < 0.5:
        footer.pop(7, None)
    elif 7 in footer:
        kind, items = footer[7][1]
        footer[7] = (LIST, (kind, items[: rng.randrange(len(items))]))


def writers(rng, footer):
    if rng.random() < 0.3:
        footer.pop(6, None)
    else:
        footer[6] = (BINARY, rng.choice(["", "parquet-mr version 1.8.0", "DuckDB version v1.0.0", "parquet-cpp version 1.2.0"]))


MUTATIONS = [
    statistics, statistics, statistics, nan_bounds, offsets, chunk_places, sizes, counts, ordinals, encodings, codecs,
    physical, names, key_values, logical_types, logical_types, widths, repetitions, orders, writers,
]  # fmt: skip


def page_indexes(rng, body, footer):
    """Changes an offset index, in its place where its bytes stay as many, or else in a new place behind the pages."""
    chunk = _chunk(rng, footer)
    if 4 not in chunk:
        return body
    at, length = chunk[4][1], chunk[5][1]
    index = read_struct(body[at : at + length])
    pages = index[1][1][1]
    page = rng.choice(pages)
    fid = rng.choice([1, 2, 3, 3, 3])
    action = rng.randrange(4)
    if action == 0:
        pages.remove(page)
    elif action == 1:
        rng.shuffle(pages)
    else:
        page[fid] = (page[fid][0], _other(rng, page[fid][1]) % 2**31)
    encoded = encode_struct(index)
    chunk[4], chunk[5] = (I64, len(body)), (I32, len(encoded))
    return body + encoded


def column_indexes(rng, body, footer):
    """Changes what a column index says of one page, in a new place."""
    chunk = _chunk(rng, footer)
    if 6 not in chunk:
        return body
    at, length = chunk[6][1], chunk[7][1]
    index = read_struct(body[at : at + length])
    fid = rng.choice([1, 2, 3, 5])
    if fid not in index:
        return body
    kind, items = index[fid][1]
    i = rng.randrange(len(items))
    if fid == 1:
        items[i] = not items[i]
    elif fid == 5:
        items[i] = rng.choice([-1, 0, 1, 10, 1000])
    else:
        items[i] = rng.choice([b"", items[-1 - i], items[i][:1]])
    encoded = encode_struct(index)
    chunk[6], chunk[7] = (I64, len(body)), (I32, len(encoded))
    return body + encoded


def mutate(rng, body, footer):
    """Pages and footer of a file with one to three mutations, and their names."""
    footer = copy.deepcopy(footer)
    chosen = [rng.choice([*MUTATIONS, page_indexes, page_indexes, column_indexes]) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    for mutation in chosen:
        if mutation in (page_indexes, column_indexes):
            body = mutation(rng, body, footer)
        else:
            mutation(rng, footer)
    return body, footer, [mutation.__name__ for mutation in chosen]
