"""Writes text that spreadsheets take for formulas, in every layout that has text, as an Arrow stream: guarded.py FOLDER."""

import sys
from pathlib import Path

import pyarrow as pa

folder = Path(sys.argv[1])
texts = ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "", None, "a=1", "'=1"]
plain = pa.array(texts)
numbers = pa.array(range(-5, 5), pa.int16())
ids = pa.array([7] * 8 + [5] * 2, pa.int8())
columns = {
    "=text": plain,
    "large": plain.cast(pa.large_string()),
    "view": plain.cast(pa.string_view()),
    "words": plain.dictionary_encode(),
    "union": pa.UnionArray.from_sparse(ids, [numbers, plain], ["number", "text"], [5, 7]),
    "runs": pa.RunEndEncodedArray.from_arrays(pa.array(range(1, 11), pa.int32()), plain),
    "bytes": pa.array([b"\xfa\x00\x00"] * 10),
    "-number": numbers,
    "float": pa.array([-0.5] * 10),
    "list": pa.array([["=1"]] * 10),
}
with pa.ipc.new_stream(folder / "guarded.arrows", pa.schema([(name, each.type) for name, each in columns.items()])) as writer:
    writer.write_batch(pa.record_batch(list(columns.values()), names=list(columns)))
