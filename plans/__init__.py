"""Plan files, the models that read them, the reporting calendar, area history, target expressions."""
