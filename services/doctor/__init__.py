"""What `chitieu doctor` examines: settings, plan, drives, database, machine."""
