"""Every type that Parquet annotates values with: by the logical type, by the converted type of older files, and by both."""

import struct
from collections.abc import Iterable
from typing import NamedTuple

from parquet_tree import BOOLEAN, BYTE_ARRAY, DOUBLE, FIXED, FLOAT, INT32, INT64, INT96
from raw_parquet import BINARY, BYTE, FALSE, I32, STRUCT, TRUE


class Leaf(NamedTuple):
    """A type as a file may have it, and some values of it, encoded."""

    type: str
    #: Which fields annotate it: `logical`, `converted`, `both`, `none`, or how they contradict each other.
    annotated: str
    physical: int
    annotation: dict
    values: list[bytes]


PHYSICAL = ["boolean", "int32", "int64", "int96", "float", "double", "binary", "fixed"]


def i32(*numbers: int) -> list[bytes]:
    return [(number % 2**32).to_bytes(4, "little") for number in numbers]


def i64(*numbers: int) -> list[bytes]:
    return [(number % 2**64).to_bytes(8, "little") for number in numbers]


def big(width: int, *numbers: int) -> list[bytes]:
    return [number.to_bytes(width, "big", signed=True) for number in numbers]


def int96(*moments: tuple[int, int]) -> list[bytes]:
    """Of days from 1970 and nanoseconds."""
    return [struct.pack("<qi", nanoseconds, 2_440_588 + days) for days, nanoseconds in moments]


def logical(number: int, fields: dict | None = None) -> dict:
    return {10: (STRUCT, {number: (STRUCT, fields or {})})}


def converted(number: int, **fields: int) -> dict:
    ids = {"scale": 7, "precision": 8, "width": 2}
    return {6: (I32, number)} | {ids[name]: (I32, value) for name, value in fields.items()}


def width(bytes_: int) -> dict:
    return {2: (I32, bytes_)}


def forms(type: str, physical: int, values: list[bytes], *, by=None, old=None, always=None) -> Iterable[Leaf]:
    """A type with its logical and its converted annotation, each alone and both, as far as it has them."""
    always = always or {}
    if by is not None:
        yield Leaf(type, "logical", physical, always | by, values)
    if old is not None:
        yield Leaf(type, "converted", physical, always | old, values)
    if by is not None and old is not None:
        yield Leaf(type, "both", physical, always | by | old, values)


def decimal_type(precision: int, scale: int) -> tuple[dict, dict]:
    fields = {7: (I32, scale), 8: (I32, precision)}
    return logical(5, {1: (I32, scale), 2: (I32, precision)}) | fields, converted(5) | fields


def unit_of(word: str) -> tuple:
    return (STRUCT, {["ms", "us", "ns"].index(word) + 1: (STRUCT, {})})


def timed(number: int, word: str, utc: bool) -> dict:
    return logical(number, {1: (TRUE if utc else FALSE, utc), 2: unit_of(word)})


def integer_type(bits: int, signed: bool) -> dict:
    return logical(10, {1: (BYTE, bits), 2: (TRUE if signed else FALSE, signed)})


TEXT = [b"", "é 🍑".encode(), b"plain text"]
POINT = [struct.pack("<BIdd", 1, 1, x, 2.5) for x in (1.0, -3.25, 0.0)]
UUIDS = [bytes(range(16)), bytes(16), b"\xff" * 16]
INTERVALS = [struct.pack("<iiI", 14, 3, 4000), struct.pack("<iiI", -5, 0, 0), struct.pack("<iiI", 1, -1, 86_399_999)]
DAYS = i32(0, -719_162, 2_932_896)
BSON = [b"\x05\x00\x00\x00\x00", b"\x0c\x00\x00\x00\x10a\x00\x01\x00\x00\x00\x00", b"\x05\x00\x00\x00\x00"]
SOME = {BOOLEAN: [1, 0, 1], INT32: i32(0, -5, 7), INT64: i64(0, -5, 7), INT96: int96((0, 0), (19_000, 1), (-1, 5)), FLOAT: [struct.pack("<f", x) for x in (0.0, -1.5, 2.25)], DOUBLE: [struct.pack("<d", x) for x in (0.0, -1.5, 2.25)], BYTE_ARRAY: [b"", b"\xff\x00", b"abc"], FIXED: [b"abcd", b"\xff\x00\xff\x00", bytes(4)]}  # fmt: skip


def bare() -> Iterable[Leaf]:
    for physical, name in enumerate(PHYSICAL):
        yield Leaf(name, "none", physical, width(4) if physical == FIXED else {}, SOME[physical])
    far = int96((2_932_896, 86_399 * 10**9), (-719_162, 0), (0, 1000))
    yield Leaf("int96 beyond 2262", "none", INT96, {}, far)


def annotated_texts() -> Iterable[Leaf]:
    yield from forms("STRING", BYTE_ARRAY, TEXT, by=logical(1), old=converted(0))
    yield from forms("ENUM", BYTE_ARRAY, TEXT, by=logical(4), old=converted(4))
    yield from forms("JSON", BYTE_ARRAY, [b"{}", b"[1]", b'"a"'], by=logical(12), old=converted(19))
    yield from forms("BSON", BYTE_ARRAY, BSON, by=logical(13), old=converted(20))
    yield from forms("UUID", FIXED, UUIDS, by=logical(14), always=width(16))
    yield from forms("FLOAT16", FIXED, [struct.pack("<e", x) for x in (0.0, -1.5, 65504.0)], by=logical(15), always=width(2))
    yield from forms("INTERVAL", FIXED, INTERVALS, old=converted(21), always=width(12))
    yield from forms("GEOMETRY", BYTE_ARRAY, POINT, by=logical(17))
    yield from forms("GEOMETRY with CRS", BYTE_ARRAY, POINT, by=logical(17, {1: (BINARY, "EPSG:4326")}))
    yield from forms("GEOGRAPHY", BYTE_ARRAY, POINT, by=logical(18))
    for physical in (INT32, BYTE_ARRAY, DOUBLE):
        yield from forms(f"UNKNOWN on {PHYSICAL[physical]}", physical, [], by=logical(11))


def annotated_numbers() -> Iterable[Leaf]:
    for physical, precision, scale, bytes_ in (
        (INT32, 9, 2, 4), (INT32, 5, 5, 4), (INT64, 18, 3, 8), (FIXED, 38, 10, 16), (FIXED, 10, 2, 5), (FIXED, 76, 3, 32),
        (FIXED, 4, 0, 2), (BYTE_ARRAY, 20, 2, 9), (BYTE_ARRAY, 50, 2, 21),
    ):  # fmt: skip
        most = 10**precision - 1
        numbers = (0, -most, most)
        values = i32(*numbers) if physical == INT32 else i64(*numbers) if physical == INT64 else big(bytes_, *numbers)
        by, old = decimal_type(precision, scale)
        name = f"DECIMAL({precision}, {scale}) on {PHYSICAL[physical]}" + (f"[{bytes_}]" if physical == FIXED else "")
        yield from forms(name, physical, values, by=by, old=old, always=width(bytes_) if physical == FIXED else {})
    for bits in (8, 16, 32, 64):
        for signed in (True, False):
            low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
            values = (i64 if bits == 64 else i32)(low, high, 1)
            name = f"{'' if signed else 'U'}INT{bits}"
            old = converted([8, 16, 32, 64].index(bits) + (15 if signed else 11))
            yield from forms(name, INT64 if bits == 64 else INT32, values, by=integer_type(bits, signed), old=old)


def annotated_times() -> Iterable[Leaf]:
    yield from forms("DATE", INT32, DAYS, by=logical(6), old=converted(6))
    for number, kind in ((7, "TIME"), (8, "TIMESTAMP")):
        for place, word in enumerate(("ms", "us", "ns")):
            physical = INT32 if (kind, word) == ("TIME", "ms") else INT64
            scale = 1000 ** (place + 1)
            numbers = (0, 86_399 * scale + 1, 12_345) if kind == "TIME" else (0, 1_700_000_000 * scale + 1, -1)
            values = (i32 if physical == INT32 else i64)(*numbers)
            old = None if word == "ns" else converted({"TIME": 7, "TIMESTAMP": 9}[kind] + place)
            # The converted types are of UTC.
            yield from forms(f"{kind}({word}, UTC)", physical, values, by=timed(number, word, True), old=old)
            yield from forms(f"{kind}({word}, local)", physical, values, by=timed(number, word, False))
    for word, numbers in (("ms", (253_402_300_799_999, -62_135_596_800_000)), ("us", (253_402_300_799_999_999, -1))):
        yield from forms(f"TIMESTAMP({word}, UTC) to year 9999", INT64, i64(*numbers, 0), by=timed(8, word, True))


def contradicting() -> Iterable[Leaf]:
    """What the format forbids, or two statements of which one is believed."""
    two = "two that differ"
    yield Leaf("STRING, JSON", two, BYTE_ARRAY, logical(1) | converted(19), [b"{}", b"1", b"[]"])
    yield Leaf("INT8, INT_16", two, INT32, integer_type(8, True) | converted(16), i32(1, -1, 127))
    yield Leaf("INT32, UINT_32", two, INT32, integer_type(32, True) | converted(13), i32(1, -1, 127))
    yield Leaf("TIMESTAMP(us), TIMESTAMP_MILLIS", two, INT64, timed(8, "us", True) | converted(9), i64(1, -1, 10**15))
    yield Leaf("TIMESTAMP(ms, local), TIMESTAMP_MILLIS", two, INT64, timed(8, "ms", False) | converted(9), i64(1, -1, 10**12))
    yield Leaf("DATE, TIME_MILLIS", two, INT32, logical(6) | converted(7), i32(1, 2, 3))
    scales = logical(5, {1: (I32, 2), 2: (I32, 9)}) | converted(5, scale=3, precision=9)
    yield Leaf("DECIMAL(9, 2), scale 3", two, INT32, scales, i32(12345, -1, 0))
    wrong = "of a wrong physical type"
    for type, annotation, physicals in (
        ("STRING", logical(1), (INT32, FIXED)), ("ENUM", logical(4), (FIXED,)), ("JSON", logical(12), (FIXED,)),
        ("BSON", logical(13), (INT32,)), ("UUID", logical(14), (FIXED, BYTE_ARRAY)), ("FLOAT16", logical(15), (FIXED, FLOAT)),
        ("INTERVAL", converted(21), (FIXED, BYTE_ARRAY)), ("DATE", logical(6), (INT64,)), ("DATE", converted(6), (INT64,)),
        ("TIME(ms)", timed(7, "ms", True), (INT64,)), ("TIME(us)", timed(7, "us", True), (INT32,)),
        ("TIMESTAMP(ms)", timed(8, "ms", True), (INT32, INT96)), ("INT64", integer_type(64, True), (INT32,)),
        ("INT8", integer_type(8, True), (INT64,)), ("UTF8", converted(0), (INT64, FIXED)), ("INT_8", converted(15), (INT64,)),
        ("GEOMETRY", logical(17), (FIXED,)), ("LIST", logical(3), (INT32,)), ("MAP", converted(1), (BYTE_ARRAY,)),
        ("VARIANT", logical(16), (BYTE_ARRAY,)),
    ):  # fmt: skip
        for physical in physicals:
            always = width(4) if physical == FIXED else {}
            yield Leaf(f"{type} on {PHYSICAL[physical]}", wrong, physical, always | annotation, SOME[physical])
    for precision, scale, physical in ((10, 2, INT32), (19, 2, INT64), (9, 12, INT32), (9, -2, INT32), (0, 0, INT32), (12, 2, FIXED), (77, 2, BYTE_ARRAY)):  # fmt: skip
        by, old = decimal_type(precision, scale)
        values = SOME[physical] if physical != BYTE_ARRAY else big(3, 0, -1, 5)
        always = width(4) if physical == FIXED else {}
        name = f"DECIMAL({precision}, {scale}) on {PHYSICAL[physical]}"
        for leaf in forms(name, physical, values, by=by, old=old, always=always):
            yield leaf._replace(annotated=f"{leaf.annotated}, wrong")
    yield Leaf("UNKNOWN with values", "logical, wrong", INT32, logical(11), i32(1, 2, 3))
    yield Leaf("logical type 30", "unknown", BYTE_ARRAY, logical(30), TEXT)
    yield Leaf("converted type 99", "unknown", BYTE_ARRAY, converted(99), TEXT)
    yield Leaf("INT8 beyond 8 bits", "logical, wrong", INT32, integer_type(8, True), i32(300, -300, 1))
    yield Leaf("INT_8 beyond 8 bits", "converted, wrong", INT32, converted(15), i32(300, -300, 1))
    yield Leaf("UINT16 beyond 16 bits", "logical, wrong", INT32, integer_type(16, False), i32(70_000, -1, 1))
    yield Leaf("STRING not UTF-8", "logical, wrong", BYTE_ARRAY, logical(1), [b"\xff\xfe", b"a", b"\xc3"])
    by, old = decimal_type(4, 1)
    yield Leaf("DECIMAL(4, 1) of more digits", "both, wrong", INT32, by | old, i32(123_456, -1, 0))
    yield Leaf("TIME(ms) beyond a day", "logical, wrong", INT32, timed(7, "ms", True), i32(-1, 86_400_000, 5))


def leaves() -> list[Leaf]:
    makers = (bare, annotated_texts, annotated_numbers, annotated_times, contradicting)
    return [leaf for make in makers for leaf in make()]
