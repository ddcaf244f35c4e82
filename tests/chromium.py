"""Where this machine has its browser."""

import os
import shutil
from functools import cache


@cache
def chromium_path() -> str | None:
    """The Chromium of this machine: that of CHROMIUM, or of the system."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    return None
