"""``python -m bench``: how fast and how light the public's pages are, beside their bars."""
