"""What anyone may send: alerts, corrections, reports. Never kept in a cache, unlike the pages."""
