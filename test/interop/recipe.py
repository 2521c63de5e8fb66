"""The cookbook's client from beginning to end: put, look, get, drop, list. Prints what the cookbook prints.

Usage: recipe.py LOCATION
"""

import sys

import pyarrow as pa
import pyarrow.flight as flight


def describe(info: flight.FlightInfo) -> None:
    name = info.descriptor.path[0].decode("utf-8")
    print("Path:", name, "Rows:", info.total_records, "Size:", info.total_bytes)
    print("=== Schema ===")
    print(info.schema)
    print("==============")


client = flight.connect(sys.argv[1])
client.wait_for_available()

characters = pa.table([["Mario", "Luigi", "Peach"]], names=["Character"])
uploaded = flight.FlightDescriptor.for_path("uploaded.parquet")
writer, _ = client.do_put(uploaded, characters.schema)
writer.write_table(characters)
writer.close()

info = client.get_flight_info(uploaded)
describe(info)

print(client.do_get(info.endpoints[0].ticket).read_all().to_pandas().head())

client.do_action(flight.Action("drop_dataset", "uploaded.parquet".encode("utf-8")))

for info in client.list_flights():
    describe(info)
    print()
print("end of list")
