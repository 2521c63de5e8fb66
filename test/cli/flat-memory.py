"""Puts, copies and gets half a gigabyte by the command line: flat-memory.py NODE HANGAR FOLDER.

Prints one JSON line: for each command its exit code and the most memory that a process of them had, in bytes, so far.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa

node, hangar, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
batch = pa.record_batch({"a": np.arange(1 << 17), "b": np.random.default_rng(1).random(1 << 17)})
BATCHES = 250


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


put = subprocess.Popen([node, hangar, "put", "-", "large"], stdin=subprocess.PIPE)
with pa.ipc.new_stream(put.stdin, batch.schema) as writer:
    for _ in range(BATCHES):
        writer.write_batch(batch)
put.stdin.close()
result = {"put": [put.wait(), peak()]}
result["cp"] = [subprocess.call([node, hangar, "cp", "large", "copied", "--quiet"]), peak()]
got = folder / "got.arrows"
result["get"] = [subprocess.call([node, hangar, "get", "copied", "-o", str(got)]), peak()]
with pa.ipc.open_stream(str(got)) as reader:
    result["rows"] = [sum(each.num_rows for each in reader), batch.num_rows * BATCHES]
print(json.dumps(result))
