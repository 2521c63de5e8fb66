"""Values of every family of Arrow types, with nulls and at their extremes, come back as they were put."""

import decimal
from datetime import date, datetime, time, timedelta, timezone

import pyarrow as pa
import pyarrow.parquet as parquet

from checks import assert_equal, assert_same_table, get, put, run


def round_trips(client, repo, name: str, table: pa.Table) -> None:
    """The table comes back over the wire as equal, in several batches too, and pyarrow reads the file as equal."""
    repeated = pa.concat_tables([table] * 3)
    for each in (table, repeated):
        put(client, name, each)
        assert_same_table(get(client, name), each)
        # The cast undoes what pyarrow's reader alone does to the names of a map's entries, and fails on another type.
        read = parquet.read_table(repo / name)
        assert_equal([field.type for field in read.schema], [field.type for field in each.schema])
        assert_same_table(read.cast(each.schema), each)


def check_integers(client, repo):
    columns = {}
    for bits in (8, 16, 32, 64):
        half = 1 << (bits - 1)
        columns[f"int{bits}"] = pa.array([-half, None, half - 1, 0], getattr(pa, f"int{bits}")())
        columns[f"uint{bits}"] = pa.array([2 * half - 1, 0, None, 1], getattr(pa, f"uint{bits}")())
    round_trips(client, repo, "integers.parquet", pa.table(columns))


def check_floats(client, repo):
    values = [0.5, -0.0, None, float("inf"), float("-inf"), 1e-30]
    table = pa.table({"f32": pa.array(values, pa.float32()), "f64": pa.array(values, pa.float64())})
    round_trips(client, repo, "floats.parquet", table)


def check_half_floats(client, repo):
    round_trips(client, repo, "half.parquet", pa.table({"f16": pa.array([1.5, None, -2.0], pa.float16())}))


def check_booleans_over_byte_boundaries(client, repo):
    values = [True, False, None, True, True, False, None, False, True, True, None]
    round_trips(client, repo, "booleans.parquet", pa.table({"b": pa.array(values)}).slice(1))


def check_strings(client, repo):
    values = ["", None, "a", "Peach 🍑", "é" * 1000]
    round_trips(
        client,
        repo,
        "strings.parquet",
        pa.table({"string": pa.array(values), "large": pa.array(values, pa.large_string())}),
    )


def check_binary(client, repo):
    values = [b"", None, b"\x00\xff", bytes(range(256))]
    table = pa.table(
        {
            "binary": pa.array(values),
            "large": pa.array(values, pa.large_binary()),
            "fixed": pa.array([b"abc", None, b"\x00\x00\x00", b"xyz"], pa.binary(3)),
        }
    )
    round_trips(client, repo, "binary.parquet", table)


def check_dates_and_times(client, repo):
    table = pa.table(
        {
            "date32": pa.array([date(1970, 1, 1), None, date(1066, 10, 14)], pa.date32()),
            "time32": pa.array([time(1, 2, 3), None, time(23, 59, 59)], pa.time32("ms")),
            "time64us": pa.array([time(1, 2, 3, 4), None, time(0)], pa.time64("us")),
            "time64ns": pa.array([1, None, 86_399_999_999_999], pa.time64("ns")),
        }
    )
    round_trips(client, repo, "dates.parquet", table)


def check_timestamps(client, repo):
    values = [datetime(2026, 11, 22, 19, 5, 1, 2000), None, datetime(1900, 1, 1)]
    zoned = [value and value.replace(tzinfo=timezone.utc) for value in values]
    columns = {}
    for unit in ("ms", "us", "ns"):
        columns[unit] = pa.array(values, pa.timestamp(unit))
        columns[f"{unit} utc"] = pa.array(zoned, pa.timestamp(unit, "UTC"))
        columns[f"{unit} lima"] = pa.array(zoned, pa.timestamp(unit, "America/Lima"))
    round_trips(client, repo, "timestamps.parquet", pa.table(columns))


def check_durations(client, repo):
    values = [timedelta(days=1), None, timedelta(microseconds=-1000)]
    columns = {unit: pa.array(values, pa.duration(unit)) for unit in ("ms", "us", "ns")}
    round_trips(client, repo, "durations.parquet", pa.table(columns))


def check_decimals(client, repo):
    values = [decimal.Decimal("-1.23"), None, decimal.Decimal("99999.99")]
    table = pa.table(
        {
            "small": pa.array(values, pa.decimal128(7, 2)),
            "middle": pa.array(values, pa.decimal128(18, 2)),
            "large": pa.array(values, pa.decimal128(38, 2)),
            "huge": pa.array(values, pa.decimal256(76, 2)),
        }
    )
    round_trips(client, repo, "decimals.parquet", table)


def of(value_type: pa.DataType) -> pa.Field:
    """A list's values under the name that the Parquet format gives them, which pyarrow's writer makes of any other."""
    return pa.field("element", value_type)


def check_lists(client, repo):
    table = pa.table(
        {
            "list": pa.array([[1, None], [], None, [3]], pa.list_(of(pa.int32()))),
            "large": pa.array([["a"], [], None, [None, "b"]], pa.large_list(of(pa.string()))),
            "fixed": pa.array([[1.0, 2.0], [3.0, None], None, [5.0, 6.0]], pa.list_(of(pa.float64()), 2)),
            "nested": pa.array([[[1], []], [], None, [None, [2, 3]]], pa.list_(of(pa.list_(of(pa.int64()))))),
        }
    )
    round_trips(client, repo, "lists.parquet", table)


def check_structs_and_maps(client, repo):
    inner = pa.struct([("names", pa.list_(of(pa.string())))])
    structs = [{"x": 1, "inner": {"names": ["a", None]}}, None, {"x": None, "inner": None}]
    table = pa.table(
        {
            "struct": pa.array(structs, pa.struct([("x", pa.int32()), ("inner", inner)])),
            "map": pa.array([[("a", 1)], None, [("b", None), ("c", 3)]], pa.map_(pa.string(), pa.int32())),
        }
    )
    round_trips(client, repo, "structs.parquet", table)


def check_dictionaries(client, repo):
    values = pa.array(["red", None, "green", "red"])
    table = pa.table({"int32": values.dictionary_encode(), "n": [1, 2, 3, 4]})
    round_trips(client, repo, "dictionaries.parquet", table)


def check_nulls(client, repo):
    round_trips(client, repo, "nulls.parquet", pa.table({"null": pa.nulls(3), "n": [1, 2, 3]}))


def check_columns_that_hold_no_null_stay_so(client, repo):
    schema = pa.schema([pa.field("required", pa.int64(), nullable=False), pa.field("optional", pa.int64())])
    round_trips(client, repo, "required.parquet", pa.table([[1, 2], [3, None]], schema=schema))


def check_metadata_of_schema_and_fields(client, repo):
    field = pa.field("n", pa.int64(), metadata={"unit": "metres", "empty": ""})
    schema = pa.schema([field], metadata={"source": "survey", "bytes": b"\xe2\x82\xac"})
    round_trips(client, repo, "metadata.parquet", pa.table([[1, 2, 3]], schema=schema))


def check_a_thousand_columns(client, repo):
    round_trips(client, repo, "wide.parquet", pa.table({f"column {i}": [i, None] for i in range(1000)}))


run(globals())
