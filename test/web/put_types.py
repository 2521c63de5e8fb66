"""Puts what no Parquet file holds into a Flight server as `types`, and what cannot be read as `fail me`: put_types.py LOCATION."""

import sys
from decimal import Decimal

import pyarrow as pa
import pyarrow.flight as flight

ids = pa.array([0, 1, 1], pa.int8())
union = pa.UnionArray.from_sparse(ids, [pa.array([1, 0, 0]), pa.array(["", "two", None])], ["number", "text"])
lists = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0]), pa.array([[1, 2], [3]]))
columns = {
    "union": union,
    "runs": pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), pa.array(["a", None])),
    "interval": pa.array([(1, 2, 3), None, (0, 0, 0)], pa.month_day_nano_interval()),
    "view": pa.array(["a text that is longer than twelve bytes", "", None], pa.string_view()),
    "list_view": pa.array([[1, 2], [], None], pa.list_view(pa.int32())),
    "lists": lists,
    "large": pa.array(["x", None, "y"], pa.large_string()),
    "decimal": pa.array([Decimal("-1.25"), None, Decimal("0.50")], pa.decimal32(5, 2)),
}
client = flight.connect(sys.argv[1])
for name, batch in {
    "types": pa.record_batch(list(columns.values()), names=list(columns)),
    "fail me": pa.record_batch({"a": [1]}),
}.items():
    writer, _ = client.do_put(flight.FlightDescriptor.for_path(name), batch.schema)
    writer.write_batch(batch)
    writer.close()
