"""The roles of production: tests have the rights of the pages, the owner makes what they copy."""

from urllib.parse import urlsplit

APPLICATION, OWNER, AUDITOR = "ptce_tests", "ptce_tests_owner", "ptce_tests_audit"


def address_as(account: str, address: str) -> str:
    """The same address of a database, of another account with the same password."""
    known = urlsplit(address)
    password = f":{known.password}" if known.password else ""
    place = known.netloc.rpartition("@")[2]
    return known._replace(netloc=f"{account}{password}@{place}").geturl()
