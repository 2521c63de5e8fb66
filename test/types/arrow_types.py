"""Every type of Arrow that pyarrow can make, the places where it can stand, and tables of them from seeded values."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import NamedTuple

import pyarrow as pa


class Leaf(NamedTuple):
    """A type, and what makes one value of it."""

    type: pa.DataType
    make: Callable[[random.Random], object]


def integer(type: pa.DataType, bits: int, signed: bool) -> Leaf:
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    return Leaf(type, lambda rng: rng.choice([low, high, 0, rng.randint(low, high)]))


def text(rng: random.Random) -> str:
    return rng.choice(["", "a", "Peach 🍑", "é" * rng.randint(1, 40), f"value {rng.random()}"])


def octets(rng: random.Random) -> bytes:
    return rng.randbytes(rng.randint(0, 30))


def decimal(precision: int, scale: int) -> Callable[[random.Random], Decimal]:
    def make(rng: random.Random) -> Decimal:
        digits = str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in range(precision - 1))
        return Decimal((rng.randint(0, 1), tuple(map(int, digits)), -scale))

    return make


def moment(unit: str, zone: timezone | None = None) -> Callable[[random.Random], datetime]:
    """A point of time in whole units, and in whole microseconds: Python's own clock is no finer."""
    seconds = {"s": 1, "ms": 1e-3, "us": 1e-6, "ns": 1e-6}[unit]
    start = datetime(1970, 1, 1, tzinfo=zone)
    return lambda rng: start + timedelta(seconds=round(rng.uniform(-2e9, 4e9) / seconds) * seconds)


def clock(digits: int) -> Callable[[random.Random], time]:
    def make(rng: random.Random) -> time:
        microsecond = rng.randint(0, 10**digits - 1) * 10 ** (6 - digits) if digits else 0
        return time(rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59), microsecond)

    return make


def span(unit: str) -> Callable[[random.Random], timedelta]:
    step = {"s": timedelta(seconds=1), "ms": timedelta(milliseconds=1)}.get(unit, timedelta(microseconds=1))
    return lambda rng: step * rng.randint(-(10**6), 10**6)


def day(rng: random.Random) -> date:
    return date.fromordinal(rng.randint(1, date(9999, 12, 31).toordinal()))


def any_leaves() -> list[Leaf]:
    leaves = [Leaf(pa.null(), lambda _: None), Leaf(pa.bool_(), lambda rng: rng.random() < 0.5)]
    for bits in (8, 16, 32, 64):
        leaves.append(integer(getattr(pa, f"int{bits}")(), bits, signed=True))
        leaves.append(integer(getattr(pa, f"uint{bits}")(), bits, signed=False))
    leaves.append(Leaf(pa.float16(), lambda rng: rng.randint(-2048, 2048) / 4))
    leaves.append(Leaf(pa.float32(), lambda rng: rng.randint(-(1 << 20), 1 << 20) / 8))
    leaves.append(Leaf(pa.float64(), lambda rng: rng.choice([rng.uniform(-1e300, 1e300), float("inf"), -0.0])))
    for type in (pa.string(), pa.large_string(), pa.string_view()):
        leaves.append(Leaf(type, text))
    for type in (pa.binary(), pa.large_binary(), pa.binary_view()):
        leaves.append(Leaf(type, octets))
    leaves.append(Leaf(pa.binary(3), lambda rng: rng.randbytes(3)))
    leaves.append(Leaf(pa.binary(0), lambda _: b""))
    leaves += [Leaf(pa.date32(), day), Leaf(pa.date64(), day)]
    leaves += [Leaf(pa.time32("s"), clock(0)), Leaf(pa.time32("ms"), clock(3))]
    leaves += [Leaf(pa.time64("us"), clock(6)), Leaf(pa.time64("ns"), clock(6))]
    for unit in ("s", "ms", "us", "ns"):
        leaves.append(Leaf(pa.timestamp(unit), moment(unit)))
        leaves.append(Leaf(pa.timestamp(unit, "Europe/Paris"), moment(unit, timezone.utc)))
        leaves.append(Leaf(pa.duration(unit), span(unit)))
    leaves.append(Leaf(pa.month_day_nano_interval(), lambda rng: pa.MonthDayNano([rng.randint(-9, 9), 1, 1000])))
    for type in (pa.decimal32(7, 2), pa.decimal64(15, 3), pa.decimal128(9, 2), pa.decimal128(38, 10), pa.decimal256(76, 5)):
        leaves.append(Leaf(type, decimal(type.precision, type.scale)))
    leaves.append(Leaf(pa.decimal128(5, -2), lambda rng: Decimal(rng.randint(-99999, 99999)) * 100))
    return leaves


LEAVES = {str(leaf.type): leaf for leaf in any_leaves()}

ITEM = "element"
"""What the Parquet format, and so pyarrow's writer, calls the items of a list."""


class Place(NamedTuple):
    """Where a type stands: the type around it, and a value made of several of its values."""

    around: Callable[[pa.DataType], pa.DataType]
    make: Callable[[list], object]
    nullable: bool = True


PLACES = {
    "column": Place(lambda type: type, lambda values: values[0]),
    "required column": Place(lambda type: type, lambda values: values[0], nullable=False),
    "list": Place(lambda type: pa.list_(pa.field(ITEM, type)), lambda values: values),
    "large_list": Place(lambda type: pa.large_list(pa.field(ITEM, type)), lambda values: values),
    "fixed_size_list": Place(lambda type: pa.list_(pa.field(ITEM, type), 2), lambda values: (values * 2)[:2]),
    "struct": Place(
        lambda type: pa.struct([("a", type), ("b", pa.list_(pa.field(ITEM, type)))]),
        lambda values: {"a": values[0], "b": values},
    ),
    "map": Place(
        lambda type: pa.map_(pa.int32(), type), lambda values: [(i, value) for i, value in enumerate(values)]
    ),
    "dictionary": Place(lambda type: pa.dictionary(pa.int32(), type), lambda values: values[0]),
}

ROW_COUNTS = (40, 0, 1, 64, 33)
"""Of the batches of a table: many, one, none."""


def make_table(leaf: Leaf, place: Place, seed: str) -> pa.Table:
    """
    A column of one type in one place, in several batches.

    Raises pa.ArrowException where pyarrow cannot make such an array at all.
    """
    rng = random.Random(seed)
    nulls = place.nullable and not pa.types.is_null(leaf.type)
    type = place.around(leaf.type)

    def value() -> object:
        return None if nulls and rng.random() < 0.2 else leaf.make(rng)

    def row() -> object:
        if nulls and rng.random() < 0.1:
            return None
        return place.make([value() for _ in range(rng.randint(1, 4))])

    # A null column has no value that could not be null.
    nullable = place.nullable or pa.types.is_null(leaf.type)
    schema = pa.schema([pa.field("c", type, nullable=nullable, metadata={"unit": "m"})], metadata={"made": "by test"})
    batches = []
    for row_count in ROW_COUNTS:
        rows = [row() for _ in range(row_count)]
        if pa.types.is_dictionary(type):
            # Every batch has a dictionary of its own, so that each replaces the one before.
            distinct = list(dict.fromkeys(value for value in rows if value is not None))
            indices = [None if value is None else distinct.index(value) for value in rows]
            array = pa.DictionaryArray.from_arrays(pa.array(indices, pa.int32()), pa.array(distinct, leaf.type))
        else:
            array = pa.array(rows, type)
        batches.append(pa.record_batch([array], schema=schema))
    return pa.Table.from_batches(batches, schema)
