"""Judges mutated files: `footers.py LOCATION FOLDER COUNT [FIRST_SEED]`.

Each finding goes to standard output as one line of JSON as soon as it is made, and at the end how many files had which
verdict. With `--all` the files that agree are told of too.
"""

import collections
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.flight as flight

from bases import write_bases
from judge import judge
from raw_parquet import read_file
from readers import by_pyarrow, columns_of

QUIET = ("agree", "refused by all", "refused with another")


def main() -> None:
    location, repo, *numbers = [argument for argument in sys.argv[1:] if argument != "--all"]
    count, first = [*map(int, numbers), 0][:2]
    with tempfile.TemporaryDirectory() as folder:
        bases = [(path.stem, *read_file(path), columns_of(by_pyarrow(path))) for path in write_bases(Path(folder))]
    verdicts = collections.Counter()
    # Hangar works on several while this process, which has one interpreter, compares.
    with flight.connect(location) as client, ThreadPoolExecutor(3) as pool:
        seeds = range(first, first + count)
        for seed, (verdict, detail) in zip(seeds, pool.map(lambda seed: judge(client, Path(repo), bases, seed), seeds)):
            verdicts[verdict] += 1
            if "--all" in sys.argv or verdict not in QUIET:
                print(json.dumps({"seed": seed, "verdict": verdict, "detail": detail.replace(repo, "")}), flush=True)
    print(json.dumps({"verdicts": verdicts}), flush=True)


main()
