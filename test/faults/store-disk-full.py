"""The server's disk, of 16 MiB, runs full: the put that does not fit is refused, and nothing else is lost or left."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.flight as flight

from checks import assert_equal, assert_raises, assert_same_table, drop, get, listed, put, run

random = np.random.default_rng(7)
small = pa.table({"n": pa.array(random.integers(0, 1 << 62, 1 << 10))})
# Half of the disk, and nothing that compresses.
half = pa.table({"n": pa.array(random.integers(-(1 << 63), 1 << 62, 1 << 20))})
large = pa.concat_tables([half] * 4)


def files(repo) -> list[str]:
    return sorted(str(path.relative_to(repo)) for path in repo.rglob("*") if path.is_file())


def check_a_put_that_does_not_fit_is_refused_and_leaves_nothing(client, repo):
    assert_raises(pa.ArrowCapacityError, lambda: put(client, "large", large), mentions='"large": the server\'s disk is full')
    assert_equal(files(repo), [])


def check_the_version_that_was_there_stays(client, repo):
    put(client, "kept", small)
    before = (repo / "kept").read_bytes()
    assert_raises(pa.ArrowCapacityError, lambda: put(client, "kept", large))
    assert_equal((repo / "kept").read_bytes(), before)
    assert_same_table(get(client, "kept"), small)
    assert_equal(files(repo), ["kept"])


def check_there_is_room_again_for_what_fits(client, repo):
    for i in range(4):
        put(client, "half", half)
        drop(client, "half")
    put(client, "half", half)
    assert_same_table(get(client, "half"), half)
    assert_equal(listed(client), {"kept", "half"})


def check_of_several_at_once_each_is_stored_whole_or_refused(location, repo):
    def attempt(i: int) -> bool:
        with flight.connect(location) as client:
            try:
                put(client, f"many-{i}", half)
                return True
            except pa.ArrowCapacityError:
                return False

    with ThreadPoolExecutor(4) as pool:
        stored = [f"many-{i}" for i, is_stored in enumerate(pool.map(attempt, range(4))) if is_stored]
    # Half of the disk is taken, so one more fits at most.
    assert len(stored) <= 1, stored
    assert_equal(files(repo), sorted(["half", "kept", *stored]))
    with flight.connect(location) as client:
        for name in stored:
            assert_same_table(get(client, name), half)


run(globals())
