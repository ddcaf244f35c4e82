"""What an amount in euros may be, in the database too."""

from decimal import Decimal

# All that the columns hold, but for NaN: PostgreSQL holds it to be above every number, and an
# envelope of it would hold nothing.
AMOUNTS = (Decimal(0), Decimal("9999999999.99"))
