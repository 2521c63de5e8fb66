"""What `hangar get NAME -o FILE.arrows` does, in pyarrow: get.py LOCATION NAME FILE."""

import sys

import pyarrow as pa
import pyarrow.flight as flight

location, name, file = sys.argv[1:]
client = flight.connect(location)
info = client.get_flight_info(flight.FlightDescriptor.for_path(name))
reader = client.do_get(info.endpoints[0].ticket).to_reader()
with pa.OSFile(file, "wb") as sink, pa.ipc.new_stream(sink, reader.schema) as writer:
    for batch in reader:
        writer.write_batch(batch)
