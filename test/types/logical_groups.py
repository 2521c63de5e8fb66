"""Every form of Parquet's lists, maps and variants: those of the format, those of older writers, and broken ones."""

from collections.abc import Iterable
from typing import NamedTuple

from logical_leaves import converted, i32, logical
from parquet_tree import BYTE_ARRAY, INT32, INT64, Node
from raw_parquet import BYTE, I32, OPTIONAL, REPEATED, REQUIRED


class Group(NamedTuple):
    """A column of groups, and the values of its rows."""

    type: str
    annotated: str
    column: Node
    rows: list


NAME = "v"
A, B, C = i32(1, -2, 3)
TEXT = {6: (I32, 0)}


def leaf(name: str, repetition=OPTIONAL) -> Node:
    return Node(name, repetition, INT32)


def group(name: str, repetition: int, *children: Node, **annotation) -> Node:
    return Node(name, repetition, children=list(children), annotation=annotation.get("by", {}))


def annotations(by: dict, old: dict) -> Iterable[tuple[str, dict]]:
    yield from (("logical", by), ("converted", old), ("both", by | old))


LIST = list(annotations(logical(3), converted(3)))
MAP = list(annotations(logical(2), converted(1)))


def lists() -> Iterable[Group]:
    for annotated, by in LIST:
        for inner, item in (("list", "element"), ("bag", "array_element"), ("list", "item")):
            for outer, repetition in (("", OPTIONAL), ("required ", REQUIRED)):
                rows = [{inner: [{item: A}, {item: None}]}, {inner: []}, None if repetition == OPTIONAL else {inner: []}, {inner: [{item: C}]}]
                column = group(NAME, repetition, group(inner, REPEATED, leaf(item)), by=by)
                yield Group(f"{outer}LIST of {inner}.{item}", annotated, column, rows)
        must = group(NAME, OPTIONAL, group("list", REPEATED, leaf("element", REQUIRED)), by=by)
        yield Group("LIST of required items", annotated, must, [{"list": [{"element": A}, {"element": B}]}, None, {"list": []}])
        inner = group("element", OPTIONAL, group("list", REPEATED, leaf("element")), by=by)
        nested = group(NAME, OPTIONAL, group("list", REPEATED, inner), by=by)
        one = {"list": [{"element": A}, {"element": None}]}
        yield Group("LIST of LIST", annotated, nested, [{"list": [{"element": one}, {"element": None}]}, None, {"list": []}])
        yield from two_level_lists(annotated, by)


def two_level_lists(annotated: str, by: dict) -> Iterable[Group]:
    rows = [{"array": [A, B]}, None, {"array": []}]
    yield Group("LIST of 2 levels: repeated int32", annotated, group(NAME, OPTIONAL, leaf("array", REPEATED), by=by), rows)
    element = [{"element": [A, B]}, None, {"element": []}]
    yield Group("LIST of 2 levels: repeated int32 element", annotated, group(NAME, OPTIONAL, leaf("element", REPEATED), by=by), element)
    for name in ("array", f"{NAME}_tuple"):
        one = group(name, REPEATED, leaf("x"))
        rows = [{name: [{"x": A}, {"x": None}]}, None, {name: []}]
        yield Group(f"LIST of 2 levels: repeated group {name} of one field", annotated, group(NAME, OPTIONAL, one, by=by), rows)
    two = group("element", REPEATED, leaf("x"), leaf("y", REQUIRED))
    rows = [{"element": [{"x": A, "y": B}, {"x": None, "y": C}]}, None, {"element": []}]
    yield Group("LIST of 2 levels: repeated group of two fields", annotated, group(NAME, OPTIONAL, two, by=by), rows)
    deep = group("array", REPEATED, leaf("array", REPEATED), by=by)
    rows = [{"array": [{"array": [A, B]}, {"array": []}]}, None, {"array": []}]
    yield Group("LIST of 2 levels in one", annotated, group(NAME, OPTIONAL, deep, by=by), rows)
    repeated_one = group("list", REPEATED, leaf("element", REPEATED))
    rows = [{"list": [{"element": [A, B]}, {"element": []}]}, None, {"list": []}]
    yield Group("LIST whose item is repeated", annotated, group(NAME, OPTIONAL, repeated_one, by=by), rows)


def pairs(key="key", value="value") -> list:
    return [{"pair": [{key: b"a", value: A}, {key: b"b", value: None}]}, None, {"pair": []}]


def text(name: str, repetition: int) -> Node:
    return Node(name, repetition, BYTE_ARRAY, annotation=TEXT)


def maps() -> Iterable[Group]:
    forms = [*MAP, ("converted MAP_KEY_VALUE", converted(2))]
    for annotated, by in forms:
        for inside, inner in (("", {}), (" of MAP_KEY_VALUE", converted(2))):
            pair = group("pair", REPEATED, text("key", REQUIRED), leaf("value"), by=inner)
            yield Group(f"MAP{inside}", annotated, group(NAME, OPTIONAL, pair, by=by), pairs())
        pair = group("pair", REPEATED, text("key", REQUIRED), leaf("value", REQUIRED))
        rows = [{"pair": [{"key": b"a", "value": A}]}, None, {"pair": []}]
        yield Group("MAP of required values", annotated, group(NAME, OPTIONAL, pair, by=by), rows)
        pair = group("pair", REPEATED, text("k", REQUIRED), leaf("v"))
        yield Group("MAP of other names", annotated, group(NAME, OPTIONAL, pair, by=by), pairs("k", "v"))
        pair = group("pair", REPEATED, text("key", OPTIONAL), leaf("value"))
        yield Group("MAP of optional keys", annotated, group(NAME, OPTIONAL, pair, by=by), pairs())
        pair = group("pair", REPEATED, text("key", OPTIONAL), leaf("value"))
        rows = [{"pair": [{"key": None, "value": A}]}, None, {"pair": []}]
        yield Group("MAP of optional keys with a null", annotated, group(NAME, OPTIONAL, pair, by=by), rows)
        pair = group("pair", REPEATED, text("key", REQUIRED))
        rows = [{"pair": [{"key": b"a"}, {"key": b"b"}]}, None, {"pair": []}]
        yield Group("MAP without values", annotated, group(NAME, OPTIONAL, pair, by=by), rows)
        inner = group("value", OPTIONAL, group("pair", REPEATED, text("key", REQUIRED), leaf("value")), by=by)
        rows = [{"pair": [{"key": b"a", "value": pairs()[0]}, {"key": b"b", "value": None}]}, None, {"pair": []}]
        yield Group("MAP of MAP", annotated, group(NAME, OPTIONAL, group("pair", REPEATED, text("key", REQUIRED), inner), by=by), rows)
    for annotated, by in MAP:
        pair = group("pair", REPEATED, text("key", REQUIRED), leaf("value"), leaf("more"))
        rows = [{"pair": [{"key": b"a", "value": A, "more": B}]}, None, {"pair": []}]
        yield Group("MAP of three fields", f"{annotated}, wrong", group(NAME, OPTIONAL, pair, by=by), rows)
        pair = group("pair", OPTIONAL, text("key", REQUIRED), leaf("value"))
        rows = [{"pair": {"key": b"a", "value": A}}, None, {"pair": None}]
        yield Group("MAP that is not repeated", f"{annotated}, wrong", group(NAME, OPTIONAL, pair, by=by), rows)
        pair = group("pair", REPEATED, text("key", REQUIRED), leaf("value"))
        rows = [[{"pair": pairs()[0]["pair"]}, {"pair": []}], [], []]
        yield Group("MAP that is itself repeated", f"{annotated}, wrong", group(NAME, REPEATED, pair, by=by), rows)
        yield Group("MAP of one leaf", f"{annotated}, wrong", group(NAME, OPTIONAL, leaf("pair", REPEATED), by=by), [{"pair": [A]}, None, {"pair": []}])


def bare_groups() -> Iterable[Group]:
    yield Group("group", "none", group(NAME, OPTIONAL, leaf("x"), leaf("y", REQUIRED)), [{"x": A, "y": B}, None, {"x": None, "y": C}])
    yield Group("repeated group", "none", group(NAME, REPEATED, leaf("x"), leaf("y", REQUIRED)), [[{"x": A, "y": B}, {"x": None, "y": C}], [], [{"x": A, "y": A}]])
    yield Group("repeated in a repeated group", "none", group(NAME, REPEATED, leaf("x", REPEATED)), [[{"x": [A, B]}, {"x": []}], [], [{"x": [C]}]])
    for annotated, by in LIST:
        two = group(NAME, OPTIONAL, leaf("x", REPEATED), leaf("y", REPEATED), by=by)
        yield Group("LIST of two fields", f"{annotated}, wrong", two, [{"x": [A], "y": [B]}, None, {"x": [], "y": []}])
        one = group(NAME, OPTIONAL, group("list", OPTIONAL, leaf("element")), by=by)
        yield Group("LIST that is not repeated", f"{annotated}, wrong", one, [{"list": {"element": A}}, None, {"list": None}])
        again = group(NAME, REPEATED, group("list", REPEATED, leaf("element")), by=by)
        rows = [[{"list": [{"element": A}]}, {"list": []}], [], []]
        yield Group("LIST that is itself repeated", f"{annotated}, wrong", again, rows)


def groups_of_value_types() -> Iterable[Group]:
    for annotated, by in (("logical", logical(1)), ("converted", converted(0))):
        column = group(NAME, OPTIONAL, leaf("x"), leaf("y", REQUIRED), by=by)
        yield Group("STRING on a group", f"{annotated}, wrong", column, [{"x": A, "y": B}, None, {"x": None, "y": C}])


def variants() -> Iterable[Group]:
    by = logical(16, {1: (BYTE, 1)})
    meta, five, hi = b"\x01\x00\x00", b"\x0c\x05", b"\x09hi"
    binary = lambda name, repetition: Node(name, repetition, BYTE_ARRAY)
    for annotated, each in (("logical", by), ("none", {})):
        column = group(NAME, OPTIONAL, binary("metadata", REQUIRED), binary("value", REQUIRED), by=each)
        yield Group("VARIANT", annotated, column, [{"metadata": meta, "value": five}, None, {"metadata": meta, "value": hi}])
        typed = Node("typed_value", OPTIONAL, INT64)
        column = group(NAME, OPTIONAL, binary("metadata", REQUIRED), binary("value", OPTIONAL), typed, by=each)
        number = (77).to_bytes(8, "little")
        rows = [{"metadata": meta, "value": None, "typed_value": number}, None, {"metadata": meta, "value": hi, "typed_value": None}]
        yield Group("VARIANT, shredded", annotated, column, rows)
        x = group("x", REQUIRED, binary("value", OPTIONAL), Node("typed_value", OPTIONAL, INT64))
        column = group(NAME, OPTIONAL, binary("metadata", REQUIRED), binary("value", OPTIONAL), group("typed_value", OPTIONAL, x), by=each)
        rows = [{"metadata": b"\x01\x01\x00\x01x", "value": None, "typed_value": {"x": {"value": None, "typed_value": number}}}, None]
        yield Group("VARIANT, shredded object", annotated, column, rows)
    column = group(NAME, OPTIONAL, binary("value", REQUIRED), binary("metadata", REQUIRED), by=by)
    yield Group("VARIANT, value first", "logical", column, [{"metadata": meta, "value": five}, None])


def groups() -> list[Group]:
    return [each for make in (bare_groups, lists, maps, groups_of_value_types, variants) for each in make()]
