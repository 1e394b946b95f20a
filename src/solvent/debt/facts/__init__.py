"""What is known about libraries, as data: one YAML file per library, which users extend by their own."""
