"""python -m local: the whole stack on this machine, until Ctrl-C."""

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime
from types import FrameType

from . import partner_story, sample, stack, story
from .steps import Failed, report, say, step


def main() -> int:
    parser = argparse.ArgumentParser(prog="make run", description="The whole stack on this machine.")
    parser.add_argument("--once", action="store_true", help="end after the story, with its exit status")
    parser.add_argument("--quiet", action="store_true", help="skip the story and stay up")
    options = parser.parse_args()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _interrupt)
    try:
        with stack.running() as deployed:
            with step("load the sample program"):
                sample.load(deployed, datetime.now(UTC).date())
            stack.write(deployed)
            status = 0 if options.quiet else story.tell(deployed) or partner_story.tell(deployed)
            if options.once:
                return status
            _tell_how_to_call(deployed)
            threading.Event().wait()
    except Failed as failure:
        report(failure)
        return 1
    except KeyboardInterrupt:
        say("\nstopped; nothing is left running")
    finally:
        stack.DESCRIPTION.unlink(missing_ok=True)
    return 0


def _interrupt(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _tell_how_to_call(deployed: stack.Stack) -> None:
    api, users = deployed.description["api"], deployed.description["users"]
    say(f"\nThe portal is at {deployed.description['portal']}")
    for name, user in users.items():
        say(f"  sign in as {user['account']} ({name.replace('_', ' ')}) with {user['password']}")
    say(f"\nThe API is at {api}")
    say(f"What programs need to know is in {stack.DESCRIPTION}; tokens last an hour. Try:\n")
    say(f"  curl '{api}/openapi.json'")
    for name, path in (("holder", "/dashboard"), ("operator", f"/admin/holders/{users['holder']['holder']}/audit")):
        say(f"  curl -H 'Authorization: Bearer {users[name]['token']}' '{api}{path}'")
    say("\nCtrl-C ends it.")


if __name__ == "__main__":
    sys.exit(main())
