"""Writes the datasets that the tests of the web app look at into a folder; see argv. Prints nothing."""

import datetime
import decimal
import os
import shutil
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet


def rides(row_count):
    """Ten columns; the value of each can be told from its row."""
    row = np.arange(row_count)
    vendors = pa.array(np.array(["CMT", "DDS", "VTS"])[row % 3]).dictionary_encode()
    return pa.table(
        {
            "id": row,
            "fare": (row * 7919 % 10_007) / 100,
            "distance": (row % 977) / 10,
            "passengers": pa.array((row % 7).astype("int8")),
            "vendor": vendors,
            "pickup": pa.array(1_700_000_000_000_000 + row * 1_000_000, pa.timestamp("us", "America/New_York")),
            "tip": pa.array((row % 31) / 4, mask=row % 4 == 0),
            "note": pa.array(np.array(["", "late", "cash only"])[row % 3]),
            "zone": pa.array(row % 265).cast(pa.string()),
            "paid": row % 5 != 0,
        }
    )


def every_type():
    return pa.table(
        {
            "bool": [True, None, False],
            "int8": pa.array([1, -2, None], pa.int8()),
            "uint64": pa.array([2**64 - 1, 0, None], pa.uint64()),
            "int64": pa.array([2**53 + 1, -(2**63), None], pa.int64()),
            "float16": pa.array(np.array([0.5, -2, 0], "float16"), mask=np.array([False, False, True])),
            "float32": pa.array([0.1, float("nan"), None], pa.float32()),
            "float64": [1e300, float("-inf"), None],
            "decimal": pa.array([decimal.Decimal("12.50"), decimal.Decimal("-0.01"), None], pa.decimal128(20, 2)),
            "decimal256": pa.array([decimal.Decimal("1" * 60), decimal.Decimal(-1), None], pa.decimal256(70, 0)),
            "string": ["", None, "Łódź <b>&amp;"],
            "large_string": pa.array(["a\tb", None, 'say "so"'], pa.large_string()),
            "binary": [b"", b"\x00\xff\x10", b"x" * 2000],
            "fixed_binary": pa.array([b"\x01\x02", None, b"\x00\x00"], pa.binary(2)),
            "date32": [datetime.date(2026, 11, 22), None, datetime.date(1, 1, 1)],
            "time64": [datetime.time(23, 59, 59, 1), None, datetime.time(0)],
            "timestamp": pa.array([0, 1, None], pa.timestamp("ns")),
            "zoned": pa.array([1_763_770_000_000, 1, None], pa.timestamp("ms", "Europe/Warsaw")),
            "duration": pa.array([1500, -1, None], pa.duration("ms")),
            "list": pa.array([[1, None], [], None], pa.list_(pa.int32())),
            "fixed_list": pa.array([[1, 2], None, [3, 4]], pa.list_(pa.int8(), 2)),
            "struct": pa.array(
                [{"x": 1, "y": "a"}, None, {"x": None, "y": ""}],
                pa.struct({"x": pa.int32(), "y": pa.string()}),
            ),
            "map": pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int32())),
            "dictionary": pa.array(["Lima", None, "Lima"]).dictionary_encode(),
            "null": pa.nulls(3),
            "long": ["word " * 500, None, "short"],
        }
    )


def values(row_count):
    """Columns of every type that can be filtered, with the values that are hard to tell apart."""
    row = np.arange(row_count)
    random = np.random.default_rng(8)
    floats = random.normal(0, 30, row_count).round(1)
    odd = np.where(row % 50 == 0, np.nan, np.where(row % 51 == 0, np.inf, np.where(row % 53 == 0, -np.inf, floats)))
    tenths = (row % 12 / 10).astype("float32")
    big = random.integers(-(2**63), 2**63 - 1, row_count)
    near = 2**60 + random.integers(0, 1000, row_count)
    moments = random.integers(-(10**17), 10**18, row_count)
    texts = np.array(["", "it's", "ł\"ódź", "x" * 200 + "a", "x" * 200 + "b", "true"])[row % 6]
    return pa.table(
        {
            "bool": row % 3 == 0,
            "int8": pa.array(random.integers(-128, 128, row_count), pa.int8()),
            "uint16": pa.array(random.integers(0, 2**16, row_count), pa.uint16()),
            "int64": big,
            "near": near,
            "uint64": pa.array([2**64 - 1 - int(each) for each in row], pa.uint64()),
            "float16": tenths.astype("float16"),
            "tenths": tenths,
            "float": odd,
            "one": np.full(row_count, 0.1),
            "and": pa.array(row, mask=row % 2 == 0),
            "decimal": pa.array([decimal.Decimal(int(each)) / 100 for each in row - 1500], pa.decimal128(38, 2)),
            "decimal256": pa.array([decimal.Decimal(int(each)) * 10**40 for each in row], pa.decimal256(60, 0)),
            "text": texts,
            "large text": pa.array(texts, pa.large_string()),
            "dictionary": pa.array(texts).dictionary_encode(),
            "codes": pa.array(np.array([9, 10, 100])[row % 3]).dictionary_encode(),
            "binary": [bytes([each % 5]) * (each % 5) * 20 for each in row],
            "fixed": pa.array([bytes([each % 4, 255]) for each in row], pa.binary(2)),
            "date": pa.array((moments // 10**9 // 86400).astype("int32"), pa.date32()),
            "date64": pa.array(moments // 10**9 // 86400 * 86_400_000, pa.date64()),
            "time32": pa.array((row * 28 % 86_400).astype("int32"), pa.time32("s")),
            "time64": pa.array(row * 28_799_999_999 % 86_400_000_000_000, pa.time64("ns")),
            "ns": pa.array(moments, pa.timestamp("ns")),
            "zoned": pa.array(moments // 1000, pa.timestamp("us", "Asia/Kolkata")),
            "early": pa.array([datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31)] * (row_count // 2)),
            "duration": pa.array(moments // 10**6, pa.duration("ms")),
        }
    )


def odd():
    """Eight groups of ten rows, a null in one of each ten, and a column of nulls alone."""
    row = np.arange(80)
    groups = [["", None, "null", "a", "b", "y", "c", "d"][i // 10] for i in row]
    return pa.table(
        {
            "x": row,
            "y": pa.array(np.where(row % 10 == 5, np.inf, row / 7)),
            "g": groups,
            "t": pa.array(1_764_200_000_000 + row * 60_000, pa.timestamp("ms")),
            "none": pa.nulls(80, pa.float64()),
        }
    )


def main(folder, *names):
    def path(name):
        return os.path.join(folder, name)

    if "rides" in names:
        parquet.write_table(rides(4_000_000), path("rides.parquet"), row_group_size=1 << 17)
    if "small" in names:
        parquet.write_table(rides(1000), path("small.parquet"))
    if "every" in names:
        parquet.write_table(every_type(), path("every type.parquet"))
    if "values" in names:
        parquet.write_table(values(3000), path("values.parquet"))
    if "odd" in names:
        parquet.write_table(odd(), path("odd.parquet"))
    if "texts" in names:
        parquet.write_table(pa.table({"id": range(1500), "text": ["word " * 100_000] * 1500}), path("texts.parquet"))
    if "wide" in names:
        columns = {f"column_{i:04}": np.arange(100) * i for i in range(1000)}
        parquet.write_table(pa.table(columns), path("wide.parquet"))
    if "many" in names:
        parquet.write_table(pa.table({"n": [1]}), path("part-0.parquet"))
        for i in range(1, 3000):
            shutil.copyfile(path("part-0.parquet"), path(f"part-{i}.parquet"))


main(*sys.argv[1:])
