"""Puts, gets and drops a dataset through a proxy with TLS; prints the location that the flight has, and its rows.

Usage: behind-proxy.py LOCATION CA_FILE
"""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.flight as flight

location, ca = sys.argv[1:3]
options = {"tls_root_certs": Path(ca).read_bytes()}
table = pa.table({"n": range(3_000_000), "name": [f"name {i % 1000}" for i in range(3_000_000)]})
descriptor = flight.FlightDescriptor.for_path("behind-a-proxy")
with flight.connect(location, **options) as client:
    writer, _ = client.do_put(descriptor, table.schema)
    with writer:
        writer.write_table(table, max_chunksize=1 << 16)
    [endpoint] = client.get_flight_info(descriptor).endpoints
    assert [info.descriptor.path for info in client.list_flights()] == [[b"behind-a-proxy"]], "it is not listed"
    uri = endpoint.locations[0].uri.decode()
    with flight.connect(uri, **options) as other:
        read = other.do_get(endpoint.ticket).read_all()
    assert read.equals(table), "the rows differ"
    list(client.do_action(flight.Action("drop_dataset", b"behind-a-proxy")))
print(uri, read.num_rows)
