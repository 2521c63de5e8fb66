"""Parquet files of any schema, made by hand: nodes of a schema, rows as plain values, and the pages that they make."""

from dataclasses import dataclass, field
from pathlib import Path

from raw_parquet import BINARY, I32, I64, LIST, OPTIONAL, PLAIN, REPEATED, REQUIRED, RLE, STRUCT
from raw_parquet import encode_levels, encode_struct, write_file

BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTE_ARRAY, FIXED = range(8)


@dataclass
class Node:
    """An element of a schema. A leaf has a physical type, and bytes as values; a group has children."""

    name: str
    repetition: int = OPTIONAL
    physical: int | None = None
    children: list["Node"] = field(default_factory=list)
    #: The fields of the element that say its type, as raw_parquet has them.
    annotation: dict = field(default_factory=dict)


def _elements(node: Node) -> list[dict]:
    element = {3: (I32, node.repetition), 4: (BINARY, node.name), **node.annotation}
    if node.physical is not None:
        return [element | {1: (I32, node.physical)}]
    return [element | {5: (I32, len(node.children))}] + [each for child in node.children for each in _elements(child)]


def _leaves(node: Node, path=(), repetitions=0, definitions=0) -> list[tuple[Node, tuple, int, int]]:
    path += (node.name,)
    repetitions += node.repetition == REPEATED
    definitions += node.repetition != REQUIRED
    if node.physical is not None:
        return [(node, path, repetitions, definitions)]
    return [leaf for child in node.children for leaf in _leaves(child, path, repetitions, definitions)]


def _shred(node: Node, value, levels: tuple[int, int, int], out: dict) -> None:
    """Adds what a value makes of each leaf beneath a node: its levels and, where it is there, its bytes."""
    repetition, definition, depth = levels
    if node.repetition == REPEATED and not isinstance(value, Absent):
        items = value or [Absent()]
        for i, item in enumerate(items):
            at = repetition if i == 0 else depth + 1
            is_there = not isinstance(item, Absent)
            _shred_one(node, item, (at, definition + is_there, depth + 1), out)
    elif node.repetition == REPEATED:
        _shred_one(node, value, (repetition, definition, depth + 1), out)
    elif node.repetition == OPTIONAL and value is None:
        _shred_one(node, Absent(), levels, out)
    else:
        is_counted = node.repetition == OPTIONAL and not isinstance(value, Absent)
        _shred_one(node, value, (repetition, definition + is_counted, depth), out)


class Absent:
    """The value of what is not there."""


def _shred_one(node: Node, value, levels: tuple[int, int, int], out: dict) -> None:
    if node.physical is not None:
        out[id(node)].append((*levels[:2], None if isinstance(value, Absent) else value))
        return
    for child in node.children:
        inner = value if isinstance(value, Absent) else value.get(child.name)
        _shred(child, inner, levels, out)


def _level_bytes(levels: list[int], maximum: int) -> bytes:
    if maximum == 0:
        return b""
    encoded = encode_levels(levels)
    return len(encoded).to_bytes(4, "little") + encoded


def _values(node: Node, entries: list[tuple]) -> bytes:
    values = [value for _, _, value in entries if value is not None]
    if node.physical == BYTE_ARRAY:
        return b"".join(len(value).to_bytes(4, "little") + value for value in values)
    if node.physical == BOOLEAN:
        return sum(bool(value) << i for i, value in enumerate(values)).to_bytes(len(values) // 8 + 1, "little")
    return b"".join(values)


def write_tree(path: Path, columns: list[Node], rows: list[dict], *, created_by="by hand") -> None:
    """A file of one row group, of one plain page for each leaf. A row gives the value of each column by its name."""
    out = {id(leaf): [] for column in columns for leaf, *_ in _leaves(column)}
    for row in rows:
        for column in columns:
            _shred(column, row[column.name], (0, 0, 0), out)
    body, chunks = b"PAR1", []
    for leaf, names, repetitions, definitions in (each for column in columns for each in _leaves(column)):
        entries = out[id(leaf)]
        content = _level_bytes([entry[0] for entry in entries], repetitions)
        content += _level_bytes([entry[1] for entry in entries], definitions) + _values(leaf, entries)
        facts = {1: (I32, len(entries)), 2: (I32, PLAIN), 3: (I32, RLE), 4: (I32, RLE)}
        size = (I32, len(content))
        page = encode_struct({1: (I32, 0), 2: size, 3: size, 5: (STRUCT, facts)}) + content
        meta = {1: (I32, leaf.physical), 2: (LIST, (I32, [PLAIN, RLE])), 3: (LIST, (BINARY, list(names))), 4: (I32, 0)}
        meta |= {5: (I64, len(entries)), 6: (I64, len(page)), 7: (I64, len(page)), 9: (I64, len(body))}
        chunks.append({2: (I64, 0), 3: (STRUCT, meta)})
        body += page
    root = {4: (BINARY, "schema"), 5: (I32, len(columns))}
    schema = [root] + [element for column in columns for element in _elements(column)]
    group = {1: (LIST, (STRUCT, chunks)), 2: (I64, len(body)), 3: (I64, len(rows))}
    footer = {1: (I32, 2), 2: (LIST, (STRUCT, schema)), 3: (I64, len(rows)), 4: (LIST, (STRUCT, [group]))}
    write_file(path, body, footer | {6: (BINARY, created_by)})
