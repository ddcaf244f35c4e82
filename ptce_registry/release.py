"""The name of what is deployed."""

import hashlib
from pathlib import Path


def release_name(version: str, folder: Path, *shown: object) -> str:
    """``version`` and a digest of all that makes the pages, so that each deployment has its own.

    ``shown`` are the settings that pages show.
    """
    digest = hashlib.blake2b(repr(shown).encode(), digest_size=5)
    folders = [f for f in folder.iterdir() if f.is_dir() and not f.name.startswith(".")]
    for part in sorted(folders):
        if part.name in {"staticfiles", "tests", "docs", "data", "bench"}:
            continue
        # Python writes there while this reads.
        kept = (path for path in part.rglob("*") if "__pycache__" not in path.parts)
        for path in sorted(path for path in kept if path.is_file()):
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    lock = folder / "requirements.lock"
    if lock.exists():
        digest.update(lock.read_bytes())
    return f"{version}+{digest.hexdigest()}"
