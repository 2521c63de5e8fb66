"""Puts the cases of Arrow's own tests into the server at the location that is the argument."""

import sys

import pyarrow.flight as flight

from cases import CASES

with flight.connect(sys.argv[1]) as client:
    for name, table in CASES.items():
        writer, _ = client.do_put(flight.FlightDescriptor.for_path(name), table.schema)
        with writer:
            writer.write_table(table)
