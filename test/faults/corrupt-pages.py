"""Files whose footer is sound and whose pages are not: each costs its own readers an error, and nobody else anything."""

import threading

import numpy as np
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, assert_raises, assert_same_table, get, listed, put, run

numbers = pa.table({"n": np.arange(200_000), "text": pa.array(np.arange(200_000)).cast(pa.string())})
# What the damage is, by the bytes written over the middle of the first column's pages.
damages = {"zeros": bytes(4096), "ones": b"\xff" * 4096, "noise": np.random.default_rng(7).bytes(4096)}


def damage(repo, name: str, over: bytes, **options) -> str:
    """Writes a Parquet file and spoils the first column chunk of its middle row group; gives its name."""
    path = repo / f"{name}.parquet"
    parquet.write_table(numbers, path, row_group_size=50_000, **options)
    column = parquet.read_metadata(path).row_group(2).column(0)
    start = column.dictionary_page_offset or column.data_page_offset
    with path.open("r+b") as file:
        file.seek(start + min(64, column.total_compressed_size // 2))
        file.write(over[: column.total_compressed_size // 2])
    return path.name


def spoiled(repo) -> list[str]:
    return [
        damage(repo, f"{kind}-{compression}-{version}", over, compression=compression, data_page_version=version)
        for kind, over in damages.items()
        for compression in ("snappy", "none")
        for version in ("1.0", "2.0")
    ]


def check_a_get_of_spoiled_pages_is_an_error_or_its_rows_and_never_a_hang(client, repo):
    failed = 0
    for name in spoiled(repo):
        reader = client.do_get(flight.Ticket(name.encode()), flight.FlightCallOptions(timeout=60))
        try:
            # Plain numbers that were overwritten are other numbers: nothing in the file can tell.
            assert_equal(reader.read_all().num_rows, numbers.num_rows)
        except (flight.FlightError, pa.ArrowException, OSError) as error:
            failed += 1
            assert name in str(error), error
            assert str(repo) not in str(error), error
    assert failed >= 4, failed


def check_the_server_takes_puts_and_gets_as_before(client, repo):
    put(client, "sound.parquet", numbers)
    assert_same_table(get(client, "sound.parquet"), numbers)
    assert "sound.parquet" in listed(client)


def check_gets_of_a_sound_dataset_go_on_while_others_fail(location, repo):
    names = spoiled(repo)
    stop = threading.Event()

    def fail_again_and_again():
        with flight.connect(location) as client:
            while not stop.is_set():
                for name in names:
                    try:
                        client.do_get(flight.Ticket(name.encode())).read_all()
                    except (flight.FlightError, pa.ArrowException, OSError):
                        pass

    thread = threading.Thread(target=fail_again_and_again)
    thread.start()
    try:
        with flight.connect(location) as client:
            for _ in range(10):
                assert_same_table(get(client, "sound.parquet"), numbers)
    finally:
        stop.set()
        thread.join()


def check_a_file_that_is_no_parquet_is_left_out_of_the_list(client, repo):
    (repo / "text.parquet").write_text("this is no Parquet file")
    (repo / "empty.parquet").write_bytes(b"")
    assert "sound.parquet" in listed(client)
    assert not {"text.parquet", "empty.parquet"} & listed(client)
    for name in (b"text.parquet", b"empty.parquet"):
        assert_raises(flight.FlightError, lambda: client.do_get(flight.Ticket(name)).read_all(), mentions=name.decode())


def check_a_truncated_file_is_left_out_of_the_list(client, repo):
    path = repo / "short.parquet"
    parquet.write_table(numbers, path)
    path.write_bytes(path.read_bytes()[:-100])
    assert "short.parquet" not in listed(client)
    assert_raises(flight.FlightError, lambda: client.do_get(flight.Ticket(b"short.parquet")).read_all(), mentions="short.parquet")


run(globals())
