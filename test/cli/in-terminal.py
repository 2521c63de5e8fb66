"""Runs a command in a terminal of its own: in-terminal.py ANSWER COMMAND...

Types the answer once the command has asked a question, prints what the terminal showed, and ends as the command does.
"""

import os
import pty
import sys

answer, command = sys.argv[1], sys.argv[2:]
shown = b""
answered = False


def read(terminal: int) -> bytes:
    global shown, answered
    data = os.read(terminal, 65536)
    shown += data
    if b"?" in shown and not answered:
        answered = True
        os.write(terminal, answer.encode() + b"\r")
    return data


sys.exit(os.waitstatus_to_exitcode(pty.spawn(command, read, lambda _: b"")))
