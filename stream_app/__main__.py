"""`python -m stream_app` and the `stream-app` command."""

from __future__ import annotations

import sys

from stream_app.cli import run


def main() -> None:
    """Run the command line and exit with its code: 0 done, 1 failed, 2 wrong use."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
