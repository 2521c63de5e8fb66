"""Writes unions and run-end encoded columns as an Arrow stream, and their rows as JSON: unions.py FOLDER."""

import json
import sys
from pathlib import Path

import pyarrow as pa

folder = Path(sys.argv[1])
ids = pa.array([7, 5, 7, 5, 7, 5], pa.int8())
texts = pa.array(["a", "b", None, "d", "e", "f"])
numbers = pa.array([0, 1, 2, None, 4, 5], pa.int16())
sparse = pa.UnionArray.from_sparse(ids, [numbers, texts], ["number", "text"], [5, 7])
offsets = pa.array([0, 1, 1, 3, 4, 2], pa.int32())
dense = pa.UnionArray.from_dense(ids, offsets, [numbers, texts], ["number", "text"], [5, 7])
runs = pa.RunEndEncodedArray.from_arrays(pa.array([2, 3, 6], pa.int32()), pa.array(["x", None, "z"]))
in_list = pa.ListArray.from_arrays(pa.array([0, 2, 2, 5, 6, 6, 6], pa.int32()), dense)
in_struct = pa.StructArray.from_arrays([sparse, runs], ["u", "r"])
columns = {"sparse": sparse, "dense": dense, "runs": runs, "in_list": in_list, "in_struct": in_struct}
# pyarrow 26 writes lists of dense unions that have been sliced so that it cannot read them itself.
whole = pa.ListArray.from_arrays(pa.array([0, 0, 3, 5, 6], pa.int32()), dense)
later = {name: column.slice(1, 4) for name, column in columns.items()} | {"in_list": whole}
schema = pa.schema([(name, column.type) for name, column in columns.items()])
rows = []
with pa.ipc.new_stream(folder / "unions.arrows", schema) as writer:
    for batch in (columns, later):
        writer.write_batch(pa.record_batch(list(batch.values()), schema=schema))
        rows += [{name: column[row].as_py() for name, column in batch.items()} for row in range(len(batch["runs"]))]
(folder / "unions.json").write_text(json.dumps(rows))
