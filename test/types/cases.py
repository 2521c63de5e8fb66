"""What becomes of the cases of Arrow's integration tests, and of schemas and dictionaries at their limits: see outcomes.py."""

import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.flight as flight

from arrow_types import ITEM, LEAVES, PLACES, make_table
from outcomes import report


def table(*columns: tuple[str | pa.Field, pa.Array], metadata: dict | None = None) -> pa.Table:
    fields = [name if isinstance(name, pa.Field) else pa.field(name, array.type) for name, array in columns]
    return pa.Table.from_arrays([array for _, array in columns], schema=pa.schema(fields, metadata=metadata))


def one(array: pa.Array) -> pa.Table:
    return table(("c", array))


def of_types(*names: str) -> pa.Table:
    tables = {name: make_table(LEAVES[name], PLACES["column"], name) for name in names}
    return pa.table({name: each.column(0) for name, each in tables.items()})


def dictionary(indices: list, values: list | pa.Array, index_type: pa.DataType = pa.int8(), **options) -> pa.Array:
    values = values if isinstance(values, pa.Array) else pa.array(values)
    return pa.DictionaryArray.from_arrays(pa.array(indices, index_type), values, **options)


def replaced(batch_count: int, value_count: int, index_type: pa.DataType) -> pa.Table:
    """A dictionary that every batch replaces by one of other values."""
    batches = []
    for batch in range(batch_count):
        values = [f"value {batch * value_count + i}" for i in range(value_count)]
        batches.append(pa.record_batch({"c": dictionary(list(range(value_count)), values, index_type)}))
    return pa.Table.from_batches(batches)


def nested(depth: int, wrap_type, wrap) -> pa.Table:
    type, value = pa.int32(), 1
    for _ in range(depth):
        type, value = wrap_type(type), wrap(value)
    return one(pa.array([value, None], type))


def lists(depth: int) -> pa.Table:
    return nested(depth, lambda type: pa.list_(pa.field(ITEM, type)), lambda value: [value])


def structs(depth: int) -> pa.Table:
    return nested(depth, lambda type: pa.struct([("x", type)]), lambda value: {"x": value})


def item(type: pa.DataType) -> pa.Field:
    return pa.field(ITEM, type)


PRIMITIVES = [f"{sign}int{bits}" for bits in (8, 16, 32, 64) for sign in ("", "u")] + [
    "bool", "float", "double", "string", "large_string", "binary", "large_binary", "fixed_size_binary[3]",
]  # fmt: skip
STRINGS = pa.dictionary(pa.int8(), pa.string())
INTEGERS = pa.list_view(item(pa.int32()))
LONG = "longer than what a view holds itself"
NUMBER = pa.array([1, 2])
TEXT = pa.array(["a", "b"])

CASES = {
    # Arrow's integration tests, by the names of their files.
    "primitive": of_types(*PRIMITIVES),
    "primitive_no_batches": of_types(*PRIMITIVES).schema.empty_table(),
    "primitive_zerolength": of_types(*PRIMITIVES).slice(0, 0),
    "primitive_large_offsets": of_types("large_string", "large_binary"),
    "null": of_types("null"),
    "null_trivial": one(pa.nulls(0)),
    "decimal": of_types("decimal128(9, 2)", "decimal128(38, 10)"),
    "decimal32": of_types("decimal32(7, 2)"),
    "decimal64": of_types("decimal64(15, 3)"),
    "decimal256": of_types("decimal256(76, 5)"),
    "decimal_negative_scale": one(pa.array([Decimal("1E2"), None], pa.decimal128(5, -2))),
    "datetime": of_types("date32[day]", "time32[ms]", "time64[us]", "time64[ns]", "timestamp[ms]", "timestamp[us]"),
    "datetime_in_seconds": of_types("date64[ms]", "time32[s]", "timestamp[s]"),
    "duration": of_types("duration[s]", "duration[ms]", "duration[us]", "duration[ns]"),
    "interval_mdn": of_types("month_day_nano_interval"),
    "map": one(pa.array([[("a", 1)], None, []], pa.map_(pa.string(), pa.int32()))),
    "map_sorted_keys": one(pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int32(), keys_sorted=True))),
    "map_of_map": one(pa.array([[("a", [(1, 2.5)])]], pa.map_(pa.string(), pa.map_(pa.int32(), pa.float64())))),
    "nested": table(
        ("list", pa.array([[1, None], None], pa.list_(item(pa.int32())))),
        ("fixed", pa.array([[1, None], None], pa.list_(item(pa.int32()), 2))),
        ("struct", pa.array([{"x": 1, "y": None}, None], pa.struct([("x", pa.int32()), ("y", pa.string())]))),
    ),
    "nested_item_of_other_name": one(pa.array([[1]], pa.list_(pa.field("item", pa.int32())))),
    "recursive_nested": one(pa.array([[[1], None], None], pa.list_(item(pa.list_(item(pa.int16())))))),
    "nested_large_offsets": one(pa.array([[[1], None], None], pa.large_list(item(pa.large_list(item(pa.int16())))))),
    "union_sparse": one(pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [NUMBER, TEXT])),
    "union_dense": one(
        pa.UnionArray.from_dense(pa.array([0, 1], pa.int8()), pa.array([0, 0], pa.int32()), [NUMBER, TEXT])
    ),
    "custom_metadata": table(
        (pa.field("c", pa.int64(), metadata={"unit": "m", "empty": ""}), NUMBER), metadata={"source": "survey"}
    ),
    "metadata_not_utf8": table(("c", NUMBER), metadata={"key": b"\xff"}),
    "duplicate_fieldnames": one(pa.StructArray.from_arrays([NUMBER, TEXT], names=["x", "x"])),
    "duplicate_columns": table(("a", NUMBER), ("a", TEXT), ("a", pa.array([0.5, None]))),
    "dictionary": table(*((f"{bits}", dictionary([1, None, 0], ["a", "b"], getattr(pa, f"int{bits}")())) for bits in (8, 16, 32, 64))),
    "dictionary_unsigned": table(*((f"{bits}", dictionary([1, None, 0], ["a", "b"], getattr(pa, f"uint{bits}")())) for bits in (8, 16, 32, 64))),
    "dictionary_ordered": one(dictionary([1, 0], ["a", "b"], ordered=True)),
    "dictionary_with_null": one(dictionary([1, 0], ["a", None])),
    "dictionary_with_value_twice": one(dictionary([1, 0], ["a", "a"])),
    "dictionary_empty": one(dictionary([None, None], pa.array([], pa.string()))),
    "dictionary_in_list": one(pa.array([["a"], None, ["b", "a"]], pa.list_(item(STRINGS)))),
    "dictionary_in_struct": one(pa.array([{"x": "a"}, None], pa.struct([("x", STRINGS)]))),
    "dictionary_in_map": one(pa.array([[(1, "a")], None], pa.map_(pa.int32(), STRINGS))),
    "dictionary_of_list": one(dictionary([0, 0], pa.array([[1]]))),
    "dictionary_of_struct": one(dictionary([0, 0], pa.array([{"x": 1}]))),
    "nested_dictionary": one(dictionary([0, 0], pa.array([{"x": "a"}], pa.struct([("x", STRINGS)])))),
    "dictionary_int8_replaced": replaced(5, 100, pa.int8()),
    "dictionary_int8_full": replaced(2, 128, pa.int8()),
    "dictionary_uint8_full": replaced(2, 256, pa.uint8()),
    "dictionary_int8_long_values": one(dictionary(list(range(100)) * 5, [f"{i} " * 8000 for i in range(100)])),
    "run_end_encoded": one(pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), TEXT)),
    "binary_view": of_types("string_view", "binary_view"),
    "list_view": one(pa.array([[1, None], None, []], pa.list_view(item(pa.int32())))),
    "large_list_view": one(pa.array([[1, None], None, []], pa.large_list_view(item(pa.int32())))),
    "views_in_views": table(
        ("list_view of string_view", pa.array([["a", None, LONG], None], pa.list_view(item(pa.string_view())))),
        ("large_list_view of list_view", pa.array([[[1], None], None], pa.large_list_view(item(INTEGERS)))),
        ("list of list_view", pa.array([[[1], None], None], pa.list_(item(INTEGERS)))),
        ("fixed_size_list of list_view", pa.array([[[1], None], None], pa.list_(item(INTEGERS), 2))),
        ("struct", pa.array([{"x": [1], "y": LONG}, None], pa.struct([("x", INTEGERS), ("y", pa.string_view())]))),
        ("map", pa.array([[(LONG, [1, None])], None], pa.map_(pa.string_view(), INTEGERS))),
        ("list_view of map", pa.array([[[(1, "a")]], None], pa.list_view(item(pa.map_(pa.int32(), pa.string_view()))))),
        ("list_view of dictionary", pa.array([["a", "b", "a"], None], pa.list_view(item(STRINGS)))),
    ),
    "extension_uuid": one(pa.array([b"0123456789abcdef", None], pa.uuid())),
    "extension_json": one(pa.array(["{}", None], pa.json_())),
    "extension_bool8": one(pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, None, 0], pa.int8()))),
    "extension_tensor": one(
        pa.ExtensionArray.from_storage(
            pa.fixed_shape_tensor(pa.int32(), [2]), pa.array([[1, 2], [3, 4]], pa.list_(item(pa.int32()), 2))
        )
    ),
    # Schemas at their limits.
    "no_columns": pa.table({}),
    "no_columns_but_rows": pa.Table.from_batches([pa.RecordBatch.from_struct_array(pa.array([{}, {}], pa.struct([])))]),
    "thousand_columns": pa.table({f"column {i}": [i, None] for i in range(1000)}),
    "empty_name": table(("", NUMBER)),
    "dots_in_names": table(("a.b", NUMBER), ("a", pa.array([{"b": 1}, {"b": 2}]))),
    "nul_in_name": table(("a\0b", NUMBER)),
    "struct_without_fields": one(pa.array([{}, None], pa.struct([]))),
    "lists_of_no_items": one(pa.array([[], []], pa.list_(pa.int32(), 0))),
    # Other readers take ever longer, the deeper the lists are.
    "lists_8_deep": lists(8),
    "lists_50_deep": lists(50),
    "structs_8_deep": structs(8),
    "structs_61_deep": structs(61),
}

if __name__ == "__main__":
    location, repo = sys.argv[1], Path(sys.argv[2])
    with flight.connect(location) as client:
        for name, case in CASES.items():
            report(client, repo, {"case": name}, case)
