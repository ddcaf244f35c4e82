"""Sign-in of public agents through ProConnect: OpenID Connect, as ProConnect speaks it."""
