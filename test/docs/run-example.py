"""Runs a Python example, and ends before pyarrow may abort: run-example.py PROGRAM.

pyarrow's threads let go of Python objects that Parquet was read from, like pandas' own buffers. Where the interpreter is
ending by then, the process aborts ("terminate called without an active exception"), with no server near it:
https://github.com/apache/arrow/issues/34314. An example that raises ends as it would anyway.
"""

import os
import sys

exec(compile(sys.argv[1], "example", "exec"), {"__name__": "__main__"})
sys.stdout.flush()
os._exit(0)
