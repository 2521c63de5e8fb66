"""Writes every type in every place as Arrow streams, and reads what they became as lines of JSON and as CSV."""

import base64
import csv
import io
import json
import re
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from arrow_types import LEAVES, PLACES, make_table

folder = Path(sys.argv[2])


def tables():
    for place_name, place in PLACES.items():
        for type_name, leaf in LEAVES.items():
            try:
                yield f"{place_name}, {type_name}", make_table(leaf, place, type_name)
            except (pa.ArrowException, TypeError):
                continue  # pyarrow itself makes no such array.


def cases():
    """The tables with a place to be in, by number: names of types are no names of files."""
    for number, (name, table) in enumerate(tables()):
        yield folder / f"{number}", name, table


def write() -> None:
    for path, _, table in cases():
        with pa.ipc.new_stream(path.with_suffix(".arrows"), table.schema) as writer:
            writer.write_table(table)


def interval(text: str) -> tuple[int, int, int]:
    months, days, seconds = re.fullmatch(r"P(-?\d+)M(-?\d+)DT(-?[\d.]+)S", text).groups()
    return int(months), int(days), int(Decimal(seconds) * 10**9)


def decode(value, type: pa.DataType):
    """What a value of JSON, or of a cell, stands for."""
    if value is None:
        return None
    if pa.types.is_dictionary(type):
        return decode(value, type.value_type)
    if pa.types.is_struct(type):
        assert list(value) == [field.name for field in type]
        return {field.name: decode(value[field.name], field.type) for field in type}
    if pa.types.is_map(type):
        return [(decode(each["key"], type.key_type), decode(each["value"], type.item_type)) for each in value]
    if pa.types.is_list(type) or pa.types.is_large_list(type) or pa.types.is_fixed_size_list(type):
        return [decode(each, type.value_type) for each in value]
    if pa.types.is_integer(type):
        assert isinstance(value, str) == (type.bit_width == 64), value
        return int(value)
    if pa.types.is_floating(type):
        return float(value)
    if pa.types.is_decimal(type):
        return Decimal(value)
    if "binary" in str(type):
        return base64.b64decode(value, validate=True)
    if pa.types.is_date(type):
        return date.fromisoformat(value)
    if pa.types.is_time(type):
        return time.fromisoformat(value)
    if pa.types.is_timestamp(type):
        return datetime.fromisoformat(value)
    if pa.types.is_duration(type):
        sign, seconds = re.fullmatch(r"(-?)PT([\d.]+)S", value).groups()
        return timedelta(microseconds=int(Decimal(seconds) * 10**6)) * (-1 if sign else 1)
    if pa.types.is_interval(type):
        return interval(value)
    return value


def decode_cell(text: str, quoted: bool, type: pa.DataType):
    if text == "" and not quoted:
        return None
    plain = type.value_type if pa.types.is_dictionary(type) else type
    if pa.types.is_nested(plain):
        return decode(json.loads(text), plain)
    if pa.types.is_boolean(plain):
        return {"true": True, "false": False}[text]
    return int(text) if pa.types.is_integer(plain) else decode(text, plain)


def show(value) -> str:
    """Tells -0.0 from 0.0 and decimals by their digits, and no tuple from a list."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(show, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {show(each)}' for key, each in value.items())}}}"
    if isinstance(value, datetime):
        return f"{value.timestamp() if value.tzinfo else value.isoformat()}"
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)


def expect(name: str, actual: list, expected: list) -> None:
    shown = [show(actual), show(expected)]
    if shown[0] != shown[1]:
        print(f"{name}\n  actual:   {shown[0][:600]}\n  expected: {shown[1][:600]}")


def to_python(column: pa.ChunkedArray) -> list:
    """The values as Python's own, where pyarrow gives those of pandas for nanoseconds."""

    def plain(value):
        if isinstance(value, (list, tuple)):
            return type(value)(plain(each) for each in value) if type(value) in (list, tuple) else tuple(value)
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items()}
        for method in ("to_pydatetime", "to_pytimedelta"):
            if hasattr(value, method):
                return getattr(value, method)()
        return float(value) if type(value).__name__ == "float16" else value

    return [plain(value) for value in column.to_pylist()]


def read_csv(text: str):
    """The cells of a column with whether they are quoted, which Python's reader does not say."""
    for cell in re.findall(r'("(?:[^"]|"")*"|[^",\n]*)\n', text):
        yield next(csv.reader(io.StringIO(cell, newline="")))[0] if cell else "", cell.startswith('"')


def compare() -> None:
    count = 0
    for path, name, table in cases():
        type = table.schema.field("c").type
        expected = to_python(table["c"])
        lines = path.with_suffix(".ndjson").read_text().splitlines()
        expect(f"JSON of {name}", [decode(json.loads(line)["c"], type) for line in lines], expected)
        (header, _), *cells = read_csv(path.with_suffix(".csv").read_text())
        assert header == "c", header
        expect(f"CSV of {name}", [decode_cell(text, quoted, type) for text, quoted in cells], expected)
        count += 1
    print(f"{count} tables were compared")


{"write": write, "compare": compare}[sys.argv[1]]()
