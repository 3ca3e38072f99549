"""The repository root on the path, so that tests share `tests.fakes` and `tests.people`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
