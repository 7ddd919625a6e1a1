"""Report forms and everything derived from their declarations."""
