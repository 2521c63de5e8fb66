"""Prints what became of checks, a line of JSON each."""

import json
import traceback


def report(**checks) -> None:
    """Runs each check, which raises where something is wrong."""
    for name, check in checks.items():
        error = ""
        try:
            check()
        except BaseException:
            error = traceback.format_exc()
        print(json.dumps({"check": name.replace("_", " "), "error": error}), flush=True)


def raised(act) -> str:
    """The message of the exception that `act` raises."""
    try:
        act()
    except Exception as error:
        return str(error)
    raise AssertionError("nothing was raised")
