"""A pyarrow client in the middle of a call, for tests that end it, or the server, right there.

Usage: slow-client.py put LOCATION NAME        puts batch after batch without end
       slow-client.py cut LOCATION NAME FILE   puts until its deadline, and keeps the connection until the file exists
       slow-client.py get LOCATION NAME FILE   gets one batch, and the rest once the file exists

Prints `under way` when both sides have seen data, `cut` when a deadline has passed, and `rows N` when a get has come
to its end.
"""

import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.flight as flight

ROWS = 1 << 16


def put(client: flight.FlightClient, name: str, options: flight.FlightCallOptions | None = None) -> None:
    batch = pa.record_batch({"n": pa.array(range(ROWS), pa.int64())})
    writer, acknowledgements = client.do_put(flight.FlightDescriptor.for_path(name), batch.schema, options)
    for i in range(1_000_000):
        writer.write_with_metadata(batch, b"seen")
        acknowledgements.read()
        if i == 40:
            print("under way", flush=True)
        time.sleep(0.001)


def cut(client: flight.FlightClient, name: str, go: Path) -> None:
    try:
        put(client, name, flight.FlightCallOptions(timeout=20))
    except flight.FlightTimedOutError:
        print("cut", flush=True)
    wait_for(go)


def wait_for(file: Path) -> None:
    while not file.exists():
        time.sleep(0.02)


def get(client: flight.FlightClient, name: str, go: Path) -> None:
    reader = client.do_get(flight.Ticket(name.encode()))
    rows = reader.read_chunk().data.num_rows
    print("under way", flush=True)
    wait_for(go)
    print("rows", rows + sum(chunk.data.num_rows for chunk in reader), flush=True)


call, location, *rest = sys.argv[1:]
with flight.connect(location) as client:
    if call == "put":
        put(client, rest[0])
    else:
        {"cut": cut, "get": get}[call](client, rest[0], Path(rest[1]))
