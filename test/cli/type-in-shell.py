"""Types lines into an interactive shell, each at a prompt `ready> `: type-in-shell.py LINES SHELL...

Prints what the shell shows, and ends as the shell does. A tab in a line completes a word.
"""

import os
import pty
import sys

lines, command = sys.argv[1].split("\n"), sys.argv[2:]
shown = b""
sent = 0


def read(terminal: int) -> bytes:
    global shown, sent
    data = os.read(terminal, 65536)
    shown += data
    if sent < len(lines) and shown.count(b"ready> ") > sent:
        os.write(terminal, lines[sent].encode() + b"\r")
        sent += 1
    return data


sys.exit(os.waitstatus_to_exitcode(pty.spawn(command, read, lambda _: b"")))
