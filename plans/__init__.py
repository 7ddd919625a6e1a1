"""Plan files and the typed models that read them."""
