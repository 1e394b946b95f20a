"""HTTP: MLflow's surface and our own, answered by the use cases. No business of its own."""
