"""The pyarrow client that the bench drives: one JSON request a line on standard input, one JSON answer a line.

A request names a method of Bench, a location and the method's options. An answer has the seconds that the calls took,
or an error. Tables are made from a seed. Every table that comes back is compared with the table that was put, outside
of the time that is taken.
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
SMALL_ROWS = 1000


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


def make_wide_table(rows: int, columns: int) -> pa.Table:
    """A table of features: floats with and without nulls, and integers of few and of many values."""
    random = np.random.default_rng(2026)
    makers = [
        lambda: pa.array(random.normal(100, 15, rows)),
        lambda: pa.array(random.integers(0, 100, rows, dtype=np.int32)),
        lambda: pa.array(random.random(rows), mask=random.random(rows) < 0.1),
        lambda: pa.array(random.integers(0, 1 << 40, rows)),
    ]
    return pa.table({f"feature_{index}": makers[index % len(makers)]() for index in range(columns)})


def call_options(token: str | None) -> flight.FlightCallOptions:
    headers = [] if token is None else [(b"authorization", f"Bearer {token}".encode())]
    return flight.FlightCallOptions(headers=headers)


def put(client, table: pa.Table, name: str = NAME, token: str | None = None) -> None:
    writer, _ = client.do_put(flight.FlightDescriptor.for_path(name), table.schema, call_options(token))
    with writer:
        for batch in table.to_batches():
            writer.write_batch(batch)


def get(client, name: str = NAME) -> pa.Table:
    return client.do_get(flight.Ticket(name.encode())).read_all()


def compare(got: pa.Table, expected: pa.Table) -> None:
    if not got.equals(expected):
        raise AssertionError("what came back is not what was put")


def at_once(location: str, client_count: int, act) -> dict:
    """So many clients at once, each with a connection of its own, which is open before the time is taken."""
    clients = [flight.connect(location) for _ in range(client_count)]
    with ThreadPoolExecutor(client_count) as pool:
        list(pool.map(lambda client: client.wait_for_available(), clients))
        answer = timed(lambda: list(pool.map(act, clients, range(client_count))))
    for each in clients:
        each.close()
    return answer


def timed(act, check=lambda value: None) -> dict:
    start = time.perf_counter()
    value = act()
    seconds = time.perf_counter() - start
    check(value)
    return {"seconds": seconds}


class Bench:
    def __init__(self, rows: int):
        self.table = make_table(rows)
        self.batched = pa.Table.from_batches(self.table.combine_chunks().to_batches(max_chunksize=BATCH_ROWS))
        self.single = self.table.combine_chunks()
        self.small = self.table.slice(0, SMALL_ROWS)
        self.made = (None, None)

    def sized(self, rows: int | None = None, columns: int | None = None) -> pa.Table:
        """The table; with so many rows and columns instead. The last one made is kept."""
        if rows is None and columns is None:
            return self.batched
        if self.made[0] != (rows, columns):
            made = make_table(rows) if columns is None else make_wide_table(rows, columns)
            self.made = ((rows, columns), pa.Table.from_batches(made.to_batches(max_chunksize=BATCH_ROWS), made.schema))
        return self.made[1]

    def prepare(self, client, repo: str, count: int) -> dict:
        """Drops small files into the folder, to list."""
        first = Path(repo) / "small-0.parquet"
        parquet.write_table(self.small, first)
        for index in range(1, count):
            shutil.copyfile(first, first.with_name(f"small-{index}.parquet"))
        return {}

    def put(self, client, token: str | None = None, name: str = NAME, times: int = 1, **size) -> dict:
        table = self.sized(**size)
        answer = timed(lambda: [put(client, table, name, token) for _ in range(times)])
        return {**answer, "bytes": table.nbytes * times}

    def put_single(self, client) -> dict:
        return {**timed(lambda: put(client, self.single)), "bytes": self.single.nbytes}

    def get(self, client, name: str = NAME, times: int = 1, **size) -> dict:
        def check(tables) -> None:
            for each in tables:
                compare(each, self.sized(**size))

        answer = timed(lambda: [get(client, name) for _ in range(times)], check)
        return {**answer, "bytes": self.sized(**size).nbytes * times}

    def first_batch(self, client) -> dict:
        reader = None

        def first():
            nonlocal reader
            reader = client.do_get(flight.Ticket(NAME.encode()))
            return pa.Table.from_batches([reader.read_chunk().data])

        answer = timed(first, lambda read: compare(read, self.table.slice(0, read.num_rows)))
        reader.cancel()
        return answer

    def command_info(self, client, command: dict) -> dict:
        descriptor = flight.FlightDescriptor.for_command(json.dumps(command))
        return timed(lambda: client.get_flight_info(descriptor))

    def command_first_batch(self, client, command: dict) -> dict:
        (endpoint,) = client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps(command))).endpoints
        reader = None

        def first():
            nonlocal reader
            reader = client.do_get(endpoint.ticket)
            return reader.read_chunk().data

        # The partition is the last column.
        answer = timed(first, lambda batch: compare(batch.select(range(batch.num_columns - 1)), self.small.to_batches()[0]))
        reader.cancel()
        return answer

    def readers(self, client, location: str, count: int, name: str = NAME, **size) -> dict:
        """So many clients at once, each with a connection of its own, read all of it."""
        got = [None] * count

        def read(client, index: int) -> None:
            got[index] = get(client, name)

        answer = at_once(location, count, read)
        for each in got:
            compare(each, self.sized(**size))
        return {**answer, "bytes": self.sized(**size).nbytes * count}

    def spread(self, client, locations: list, client_count: int, seconds: float, kind: str) -> dict:
        """So many clients, spread over servers, put or get the table again and again for a while, each as a dataset of its own."""
        clients = [flight.connect(locations[index % len(locations)]) for index in range(client_count)]

        def act(client, index: int) -> int:
            count = 0
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                if kind == "put":
                    put(client, self.batched, f"spread-{index}.parquet")
                elif get(client, f"spread-{index}.parquet").num_rows != len(self.table):
                    raise AssertionError("a get has other rows than were put")
                count += 1
            return count

        counts = []
        with ThreadPoolExecutor(client_count) as pool:
            answer = timed(lambda: counts.extend(pool.map(act, clients, range(client_count))))
        for index, each in enumerate(clients):
            compare(get(each, f"spread-{index}.parquet"), self.table)
            each.close()
        return {**answer, "bytes": self.table.nbytes * sum(counts)}

    def same_info(self, client, count: int, name: str = NAME, token: str | None = None) -> dict:
        """One flight info over and over: what a call costs besides what the server does for it."""
        descriptor = flight.FlightDescriptor.for_path(name)
        options = call_options(token)
        return timed(lambda: [client.get_flight_info(descriptor, options) for _ in range(count)], self.check_infos)

    def infos_at_once(self, client, location: str, name: str, count: int, client_count: int) -> dict:
        descriptor = flight.FlightDescriptor.for_path(name)
        infos = []

        def ask(client, index: int) -> None:
            infos.extend([client.get_flight_info(descriptor) for _ in range(count // client_count)])

        answer = at_once(location, client_count, ask)
        self.check_infos(infos)
        return answer

    def check_infos(self, infos) -> None:
        for info in infos:
            if info.total_records not in (len(self.table), SMALL_ROWS) or info.schema != self.table.schema:
                raise AssertionError(f"a flight info has another schema, or {info.total_records} rows")

    def small_gets(self, client, count: int) -> dict:
        """Gets of small datasets, one after another."""

        def check(tables) -> None:
            for each in tables:
                compare(each, self.small)

        return timed(lambda: [get(client, f"small-{index}.parquet") for index in range(count)], check)

    def small_puts(self, client, location: str, count: int, client_count: int, prefix: str = "put") -> dict:
        """Puts of small datasets with names of their own, one after another in each of the clients."""

        def act(client, start: int) -> None:
            for index in range(start, count, client_count):
                put(client, self.small, f"{prefix}-{index}.parquet")

        answer = at_once(location, client_count, act)
        compare(get(client, f"{prefix}-{count - 1}.parquet"), self.small)
        return answer

    def list(self, client, count: int, prefix: str = "small") -> dict:
        def check(flights) -> None:
            found = [each for each in flights if each.descriptor.path[0].startswith(f"{prefix}-".encode())]
            if len(found) != count:
                raise AssertionError(f"{len(found)} flights listed, not {count}")
            self.check_infos(found)

        return timed(lambda: [*client.list_flights()], check)

    def list_after_puts(self, client, location: str, count: int) -> dict:
        """The first list after so many puts."""
        self.small_puts(client, location, count, 16, "new")
        return self.list(client, count, "new")

    def put_stream(self, client, name: str, byte_length: int) -> dict:
        """Puts the table over and over, up to so many bytes: nobody needs to hold them all."""
        batches = self.batched.to_batches()[:-1] or self.batched.to_batches()

        def act():
            writer, _ = client.do_put(flight.FlightDescriptor.for_path(name), self.table.schema)
            with writer:
                for batch in islice(cycle(batches), self.batch_count(byte_length)):
                    writer.write_batch(batch)

        return timed(act)

    def get_stream(self, client, name: str, byte_length: int, compared_every: int = 1) -> dict:
        """Gets what `put_stream` put, and lets go of each batch."""
        reader = client.do_get(flight.Ticket(name.encode()))
        return timed(lambda: self.read_rows(reader, self.batch_count(byte_length) * BATCH_ROWS, compared_every))

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

    def read_rows(self, reader, row_count: int, compared_every: int = 1) -> None:
        """Reads so many rows of what `put_stream` put, or a few more. Compares each batch, or each so many."""
        ring = pa.Table.from_batches(self.batched.to_batches()[:-1])
        ring_rows, twice = len(ring), pa.concat_tables([ring, ring])
        at = 0
        batches = 0
        while at < row_count:
            batch = reader.read_chunk().data
            is_compared = batches % compared_every == 0
            batches += 1
            if is_compared and not pa.Table.from_batches([batch]).equals(twice.slice(at % ring_rows, len(batch))):
                raise AssertionError(f"what came back at row {at} is not what was put")
            at += len(batch)


def main() -> None:
    bench = Bench(int(sys.argv[1]))
    print(json.dumps({"bytes": bench.table.nbytes, "pyarrow": pa.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            with flight.connect(request["location"]) as client:
                answer = getattr(bench, request["method"])(client, **request["options"])
        except Exception:
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
