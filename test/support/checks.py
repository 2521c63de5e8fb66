"""Runs the checks of one file: every function whose name starts with `check_`, in the order of the file.

Each gets a connected client and the folder of datasets, both only where it names them, and fails by raising. One
JSON line a check goes to standard output as soon as the check has ended: {"check": name, "error": text, empty where it passed}.
"""

import inspect
import json
import sys
import traceback
from pathlib import Path

import pyarrow.flight as flight


def run(namespace: dict) -> None:
    location, repo = sys.argv[1], Path(sys.argv[2])
    for name, function in list(namespace.items()):
        if not name.startswith("check_"):
            continue
        error = ""
        try:
            with flight.connect(location) as client:
                offered = {"client": client, "location": location, "repo": repo}
                wanted = inspect.signature(function).parameters
                function(**{key: offered[key] for key in wanted})
        except BaseException:
            error = traceback.format_exc()
        print(json.dumps({"check": name, "error": error}), flush=True)


def put(client: flight.FlightClient, name: str, table, options=None) -> None:
    """Puts a table as one dataset, in batches of at most 64 Ki rows."""
    writer, _ = client.do_put(flight.FlightDescriptor.for_path(name), table.schema, options=options)
    with writer:
        writer.write_table(table, max_chunksize=1 << 16)


def get(client: flight.FlightClient, name: str):
    """The whole dataset, by way of its flight."""
    info = client.get_flight_info(flight.FlightDescriptor.for_path(name))
    return client.do_get(info.endpoints[0].ticket).read_all()


def drop(client: flight.FlightClient, name: str) -> None:
    list(client.do_action(flight.Action("drop_dataset", name.encode())))


def listed(client: flight.FlightClient, criteria: bytes = b"") -> set[str]:
    """The names that ListFlights gives."""
    return {info.descriptor.path[0].decode() for info in client.list_flights(criteria)}


def assert_equal(actual, expected) -> None:
    """Fails, showing both, where they differ."""
    assert actual == expected, f"\nactual:   {actual!r}\nexpected: {expected!r}"


def assert_same_table(actual, expected) -> None:
    """Fails where the schemas, their metadata, or any value differ."""
    actual.validate(full=True)
    if not actual.schema.equals(expected.schema, check_metadata=True):
        raise AssertionError(
            f"\nactual schema:\n{actual.schema.to_string()}\nexpected schema:\n{expected.schema.to_string()}"
        )
    assert_equal(actual.num_rows, expected.num_rows)
    for name, mine, theirs in zip(expected.column_names, actual.columns, expected.columns):
        assert mine.equals(theirs), f"column {name}:\nactual: {mine}\nexpected: {theirs}"


def assert_raises(kind, act, *, mentions: str = "") -> None:
    """Fails unless `act` raises that very kind of exception, with a message that has the words."""
    try:
        act()
    except kind as error:
        assert mentions in str(error), f"{str(error)!r} does not mention {mentions!r}"
    else:
        raise AssertionError(f"{kind} was not raised")


def server_of(repo: Path) -> int:
    """The id of the process that serves a folder."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"serve" in arguments and str(repo).encode() in arguments:
            return int(folder.name)
    raise AssertionError("there is no server")


def bytes_read(repo: Path, act) -> int:
    """What the server reads, from disk or its cache, while something is done."""
    counters = Path(f"/proc/{server_of(repo)}/io")

    def count() -> int:
        return int(counters.read_text().split("rchar: ")[1].split("\n")[0])

    before = count()
    act()
    return count() - before


def dictionaries(array) -> list:
    """What the dictionaries of an array are, nested ones too: their values in order, and whether they are ordered. Of equal ones the first."""
    import pyarrow as pa

    found = []
    for chunk in array.chunks if isinstance(array, pa.ChunkedArray) else [array]:
        if len(chunk) == 0:
            continue
        if pa.types.is_dictionary(chunk.type):
            found.append((list(dict.fromkeys(value for value in chunk.dictionary.to_pylist() if value is not None)), chunk.type.ordered))
        elif pa.types.is_struct(chunk.type):
            for i in range(chunk.type.num_fields):
                found += dictionaries(chunk.field(i))
        elif pa.types.is_map(chunk.type):
            found += dictionaries(chunk.keys) + dictionaries(chunk.items)
        elif pa.types.is_list(chunk.type) or pa.types.is_large_list(chunk.type) or pa.types.is_fixed_size_list(chunk.type):
            found += dictionaries(chunk.values)
    return [each for i, each in enumerate(found) if each not in found[:i]]
