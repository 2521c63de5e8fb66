"""The pyarrow client that the bench drives: one JSON request a line on standard input, one JSON answer a line.

A request names a phase, a location and what the phase needs; an answer has the seconds that the phase took, or an
error. The table is made once, from a seed, and every get is compared with it outside of the time that is taken.
"""

import json
import shutil
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

BATCH_ROWS = 1 << 16
NAME = "bench.parquet"


def make_table(rows: int) -> pa.Table:
    """Ten columns of the usual kinds, about 83 bytes a row."""
    random = np.random.default_rng(2026)
    cities = pa.array(["Lima", "Oslo", "Nairobi", "Łódź", "Porto", "Quito", "Hanoi", "Perth"])
    keys = pa.array(random.integers(0, 1 << 40, rows)).cast(pa.string())
    columns = {
        "id": pa.array(np.arange(rows, dtype=np.int64)),
        "at": pa.array(np.cumsum(random.integers(1, 2_000_000, rows)), pa.timestamp("us")),
        "sensor": pa.array(random.integers(0, 5000, rows, dtype=np.int32)),
        "amount": pa.array(random.integers(0, 1_000_000, rows, dtype=np.int64)),
        "price": pa.array(random.normal(100, 15, rows)),
        "discount": pa.array(random.random(rows), mask=random.random(rows) < 0.1),
        "ratio": pa.array(random.random(rows, dtype=np.float32)),
        "done": pa.array(np.cumsum(random.integers(1, 2_000_000, rows)), pa.timestamp("us", "UTC")),
        "city": pa.DictionaryArray.from_arrays(pa.array(random.integers(0, 8, rows)), cities).cast(pa.string()),
        "key": pa.compute.binary_join_element_wise("key", keys, "-"),
    }
    return pa.table(columns)


def call_options(token: str | None) -> flight.FlightCallOptions:
    headers = [] if token is None else [(b"authorization", f"Bearer {token}".encode())]
    return flight.FlightCallOptions(headers=headers)


def put(client, table: pa.Table, token: str | None = None) -> None:
    writer, _ = client.do_put(flight.FlightDescriptor.for_path(NAME), table.schema, call_options(token))
    with writer:
        for batch in table.to_batches():
            writer.write_batch(batch)


def get(client) -> pa.Table:
    return client.do_get(flight.Ticket(NAME.encode())).read_all()


class Bench:
    def __init__(self, rows: int):
        self.table = make_table(rows)
        self.batched = pa.Table.from_batches(self.table.combine_chunks().to_batches(max_chunksize=BATCH_ROWS))
        self.single = self.table.combine_chunks()

    def check(self, table: pa.Table) -> None:
        if not table.equals(self.table):
            raise AssertionError("what came back is not what was put")

    def prepare(self, client, repo: str, count: int) -> dict:
        """Drops small files into the folder, to list."""
        first = Path(repo) / "small-0.parquet"
        parquet.write_table(self.table.slice(0, 1000), first)
        for index in range(1, count):
            shutil.copyfile(first, first.with_name(f"small-{index}.parquet"))
        return {}

    def put(self, client, token: str | None = None) -> dict:
        return timed(lambda: put(client, self.batched, token))

    def same_info(self, client, count: int, token: str | None = None) -> dict:
        """One flight info over and over: what a call costs besides what the server does for it."""
        descriptor = flight.FlightDescriptor.for_path(NAME)
        options = call_options(token)
        return timed(lambda: [client.get_flight_info(descriptor, options) for _ in range(count)])

    def put_single(self, client) -> dict:
        return timed(lambda: put(client, self.single))

    def get(self, client) -> dict:
        return timed(lambda: get(client), self.check)

    def first_batch(self, client) -> dict:
        reader = None

        def first():
            nonlocal reader
            reader = client.do_get(flight.Ticket(NAME.encode()))
            return pa.Table.from_batches([reader.read_chunk().data])

        answer = timed(first, lambda read: read.equals(self.table.slice(0, read.num_rows)) or self.check(read))
        reader.cancel()
        return answer

    def readers(self, client, location: str, count: int) -> dict:
        """So many clients at once, each with a connection of its own."""
        clients = [flight.connect(location) for _ in range(count)]
        with ThreadPoolExecutor(count) as pool:
            answer = timed(lambda: list(pool.map(get, clients)), lambda tables: [self.check(each) for each in tables])
        for each in clients:
            each.close()
        return answer

    def put_stream(self, client, name: str, byte_length: int) -> dict:
        """Puts the table over and over, up to so many bytes: nobody needs to hold them all."""
        batches = self.batched.to_batches()[:-1]

        def act():
            writer, _ = client.do_put(flight.FlightDescriptor.for_path(name), self.table.schema)
            with writer:
                for batch in islice(cycle(batches), self.batch_count(byte_length)):
                    writer.write_batch(batch)

        return timed(act)

    def get_stream(self, client, name: str, byte_length: int) -> dict:
        """Gets what `put_stream` put, and lets go of each batch."""
        reader = client.do_get(flight.Ticket(name.encode()))
        return timed(lambda: self.read_rows(reader, self.batch_count(byte_length) * BATCH_ROWS))

    def paused_readers(self, client, location: str, name: str, byte_length: int, count: int) -> dict:
        """So many clients, each with a connection of its own, read half, and wait together for a while."""
        clients = [flight.connect(location) for _ in range(count)]
        readers = [each.do_get(flight.Ticket(name.encode())) for each in clients]
        half = self.batch_count(byte_length) * BATCH_ROWS // 2
        with ThreadPoolExecutor(count) as pool:
            answer = timed(lambda: [*pool.map(lambda reader: self.read_rows(reader, half), readers)])
        # By then a server has read ahead what it reads ahead.
        time.sleep(3)
        for each, reader in zip(clients, readers):
            reader.cancel()
            each.close()
        return answer

    def batch_count(self, byte_length: int) -> int:
        """How many batches have about so many bytes."""
        return round(byte_length / (self.table.nbytes / len(self.table)) / BATCH_ROWS)

    def read_rows(self, reader, row_count: int) -> None:
        """Reads so many rows of what `put_stream` put, or a few more, each compared."""
        ring = pa.Table.from_batches(self.batched.to_batches()[:-1])
        ring_rows, twice = len(ring), pa.concat_tables([ring, ring])
        at = 0
        while at < row_count:
            batch = reader.read_chunk().data
            if not pa.Table.from_batches([batch]).equals(twice.slice(at % ring_rows, len(batch))):
                raise AssertionError(f"what came back at row {at} is not what was put")
            at += len(batch)

    def list(self, client, count: int) -> dict:
        def check(flights):
            if len([each for each in flights if each.descriptor.path[0].startswith(b"small-")]) != count:
                raise AssertionError(f"{len(flights)} flights listed")

        return timed(lambda: [*client.list_flights()], check)

    list_first = list

    def infos(self, client, count: int) -> dict:
        descriptors = [flight.FlightDescriptor.for_path(f"small-{index}.parquet") for index in range(count)]
        return timed(lambda: [client.get_flight_info(each) for each in descriptors])


def timed(act, check=lambda value: None) -> dict:
    start = time.perf_counter()
    value = act()
    seconds = time.perf_counter() - start
    check(value)
    return {"seconds": seconds}


def main() -> None:
    bench = Bench(int(sys.argv[1]))
    print(json.dumps({"bytes": bench.table.nbytes, "batches": bench.batched["id"].num_chunks}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            with flight.connect(request["location"]) as client:
                answer = getattr(bench, request["phase"])(client, **request["options"])
        except Exception:
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
