"""The studio without a browser: ``python -m studio COMMAND``.

Exit status: 0 done; 1 a failure, with its message and remedy on stderr; 2 wrong usage; 130 stopped with Ctrl+C.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.cli import console
from studio.cli.parser import build_parser
from studio.errors import StudioError

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit status. Wrong usage raises SystemExit(2), as argparse does."""
    console.use_utf8()
    arguments = build_parser().parse_args(argv)
    try:
        reply = arguments.run(arguments)
        console.show(reply, as_json=arguments.json)
    except StudioError as error:
        console.say_failure(error)
        return 1
    except KeyboardInterrupt:
        console.say("Stopped.")
        return INTERRUPTED
    except BrokenPipeError:
        console.abandon_stdout()
        return 1
    return reply.status
