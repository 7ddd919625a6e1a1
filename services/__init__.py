"""What a command or a flow does, as plain functions over the settings, the plan and the database."""
