"""Parquet files made by hand, for what no writer at hand writes: footers as plain dictionaries, pages as bytes."""

import struct
from pathlib import Path

import pyarrow as pa

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
PHYSICAL = {"int32": 1, "int64": 2, "byte_array": 6}
CODECS = {"none": 0, "snappy": 1, "gzip": 2, "lzo": 3, "brotli": 4, "zstd": 6, "lz4_raw": 7}
PLAIN, RLE, DELTA, DELTA_LENGTH, DELTA_BYTES, DICTIONARY = 0, 3, 5, 6, 7, 8
REQUIRED, OPTIONAL, REPEATED = 0, 1, 2


def varint(n: int) -> bytes:
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def zigzag(n: int) -> bytes:
    return varint(((n << 1) ^ (n >> 63)) & (1 << 64) - 1)


def _value(kind: int, value) -> bytes:
    if kind in (TRUE, FALSE):
        return bytes([TRUE if value else FALSE])
    if kind == BYTE:
        return struct.pack("b", value)
    if kind in (I16, I32, I64):
        return zigzag(value)
    if kind == DOUBLE:
        return struct.pack("<d", value)
    if kind == BINARY:
        value = value.encode() if isinstance(value, str) else value
        return varint(len(value)) + value
    if kind in (LIST, SET):
        of, items = value
        head = bytes([len(items) << 4 | of]) if len(items) < 15 else bytes([0xF0 | of]) + varint(len(items))
        return head + b"".join(_value(of, item) for item in items)
    return encode_struct(value)


def encode_struct(fields: dict) -> bytes:
    """A struct of {field id: (type, value)} in Thrift's compact protocol; a list's value is (type, [values])."""
    out, last = bytearray(), 0
    for field in sorted(fields):
        kind, value = fields[field]
        is_boolean = kind in (TRUE, FALSE)
        kind = (TRUE if value else FALSE) if is_boolean else kind
        out += bytes([field - last << 4 | kind]) if 0 < field - last < 16 else bytes([kind]) + zigzag(field)
        out += b"" if is_boolean else _value(kind, value)
        last = field
    return bytes(out) + b"\0"


class _Reader:
    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        self.at += count
        return bytes(self.data[self.at - count : self.at])

    def varint(self) -> int:
        n = shift = 0
        while True:
            (byte,) = self.take(1)
            n |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return n

    def zigzag(self) -> int:
        n = self.varint()
        return (n >> 1) ^ -(n & 1)

    def value(self, kind: int):
        if kind in (TRUE, FALSE):
            return self.take(1)[0] == TRUE
        if kind == BYTE:
            return struct.unpack("b", self.take(1))[0]
        if kind in (I16, I32, I64):
            return self.zigzag()
        if kind == DOUBLE:
            return struct.unpack("<d", self.take(8))[0]
        if kind == BINARY:
            return self.take(self.varint())
        if kind in (LIST, SET):
            (head,) = self.take(1)
            count = self.varint() if head >> 4 == 15 else head >> 4
            return head & 15, [self.value(head & 15) for _ in range(count)]
        return self.struct()

    def struct(self) -> dict:
        fields, last = {}, 0
        while (head := self.take(1)[0]) != 0:
            kind = head & 15
            last = last + (head >> 4) if head >> 4 else self.zigzag()
            fields[last] = (kind, kind == TRUE) if kind in (TRUE, FALSE) else (kind, self.value(kind))
        return fields


def read_struct(data: bytes) -> dict:
    """What `encode_struct` makes of a struct."""
    return _Reader(data).struct()


def read_file(path: Path) -> tuple[bytes, dict]:
    """What stands before a file's footer, and the footer."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<I", data[-8:-4])
    return data[: -8 - length], read_struct(data[-8 - length : -8])


def write_file(path: Path, body: bytes, footer: dict) -> None:
    tail = encode_struct(footer)
    Path(path).write_bytes(body + tail + struct.pack("<I", len(tail)) + b"PAR1")


def chunks_of(footer: dict) -> list[dict]:
    """The metadata of all column chunks of a footer."""
    return [chunk[3][1] for group in footer[4][1][1] for chunk in group[1][1][1]]


def encode_delta(values: list[int], *, bits: int, block: int = 128, miniblocks: int = 4) -> bytes:
    """DELTA_BINARY_PACKED, in blocks of so many values."""
    size, mask = block // miniblocks, (1 << bits) - 1
    signed = lambda n: ((n & mask) ^ 1 << bits - 1) - (1 << bits - 1)
    out = varint(block) + varint(miniblocks) + varint(len(values)) + zigzag(values[0] if values else 0)
    deltas = [signed(b - a) for a, b in zip(values, values[1:])]
    for start in range(0, len(deltas), block):
        part = deltas[start : start + block]
        least = min(part)
        minis = [[d - least & mask for d in part[k : k + size]] for k in range(0, block, size)]
        widths = [max(mini, default=0).bit_length() for mini in minis]
        out += zigzag(least) + bytes(widths)
        for mini, width in zip(minis, widths):
            if mini:
                out += sum(d << i * width for i, d in enumerate(mini)).to_bytes(size * width // 8, "little")
    return out


def encode_levels(levels: list[int]) -> bytes:
    """Levels of 0 and 1, as runs, without their length."""
    out, i = b"", 0
    while i < len(levels):
        end = i
        while end < len(levels) and levels[end] == levels[i]:
            end += 1
        out += varint(end - i << 1) + bytes([levels[i]])
        i = end
    return out


def compress(codec: str, data: bytes) -> bytes:
    return data if codec == "none" else pa.compress(data, codec=codec, asbytes=True)


def encode_page(values: bytes, encoding: int, levels: list[int] | None, *, count: int, version=1, codec="none") -> bytes:
    """A data page: its header and its content. `levels` says which of the `count` values are there; None for all."""
    encoded = b"" if levels is None else encode_levels(levels)
    if version == 1:
        content = values if levels is None else struct.pack("<I", len(encoded)) + encoded + values
        packed = compress(codec, content)
        facts = {1: (I32, count), 2: (I32, encoding), 3: (I32, RLE), 4: (I32, RLE)}
        header = {1: (I32, 0), 2: (I32, len(content)), 3: (I32, len(packed)), 5: (STRUCT, facts)}
        return encode_struct(header) + packed
    packed = compress(codec, values)
    nulls = 0 if levels is None else levels.count(0)
    facts = {1: (I32, count), 2: (I32, nulls), 3: (I32, count), 4: (I32, encoding)}
    facts |= {5: (I32, len(encoded)), 6: (I32, 0)}
    sizes = {2: (I32, len(encoded) + len(values)), 3: (I32, len(encoded) + len(packed))}
    return encode_struct({1: (I32, 3), **sizes, 8: (STRUCT, facts)}) + encoded + packed


def write_columns(path: Path, rows: int, columns: list[dict], *, created_by="by hand") -> None:
    """A file of one row group of flat columns: dictionaries of name, type, repetition, codec, encodings and pages."""
    body, chunks, schema = b"PAR1", [], [{4: (BINARY, "schema"), 5: (I32, len(columns))}]
    for column in columns:
        kind, name = PHYSICAL[column["type"]], column["name"]
        schema.append({1: (I32, kind), 3: (I32, column.get("repetition", REQUIRED)), 4: (BINARY, name)})
        pages = b"".join(column["pages"])
        meta = {
            1: (I32, kind),
            2: (LIST, (I32, column["encodings"])),
            3: (LIST, (BINARY, [name])),
            4: (I32, CODECS[column.get("codec", "none")]),
            5: (I64, rows),
            6: (I64, len(pages)),
            7: (I64, len(pages)),
            9: (I64, len(body)),
        }
        chunks.append({2: (I64, 0), 3: (STRUCT, meta)})
        body += pages
    group = {1: (LIST, (STRUCT, chunks)), 2: (I64, len(body)), 3: (I64, rows)}
    footer = {1: (I32, 2), 2: (LIST, (STRUCT, schema)), 3: (I64, rows), 4: (LIST, (STRUCT, [group]))}
    write_file(path, body, footer | {6: (BINARY, created_by)})
