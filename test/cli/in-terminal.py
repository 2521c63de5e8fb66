"""Runs a command in a terminal of its own: in-terminal.py ANSWER COMMAND...

Types the answer once the command has asked a question, which ends with "? " or, for a password, ": ", and the next line of it
at the next question. Prints what the terminal showed, and ends as the command does.
"""

import os
import pty
import re
import sys

answers, command = sys.argv[1].split("\n"), sys.argv[2:]
shown = b""
answered_length = 0


def read(terminal: int) -> bytes:
    global shown, answered_length
    data = os.read(terminal, 65536)
    shown += data
    if answers and re.search(rb"\?|(Password[^\n:]*|Again): ", shown[answered_length:]):
        answered_length = len(shown)
        os.write(terminal, answers.pop(0).encode() + b"\r")
    return data


sys.exit(os.waitstatus_to_exitcode(pty.spawn(command, read, lambda _: b"")))
