import json
import signal
from pathlib import Path

import pytest
from hypothesis import settings

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what a shell starts in the background

settings.register_profile("trimtab", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("trimtab")


@pytest.fixture(scope="session")
def golden():
    """golden("hyperbolic") is the dictionary of reference cases of that room."""
    folder = Path(__file__).parent.parent / "golden"
    return lambda room: json.loads((folder / f"{room}.json").read_text())["cases"]
