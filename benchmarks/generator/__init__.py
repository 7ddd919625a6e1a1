"""Makes shared drives as the bodies of a plan would leave them, and says what each sheet means."""
