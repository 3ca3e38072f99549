"""`python -m server …` is the console script `giaoban …`."""

from __future__ import annotations

import sys

from server.cli import main

sys.exit(main(sys.argv[1:]))
