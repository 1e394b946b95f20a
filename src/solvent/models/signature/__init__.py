"""What a model takes and gives: inferred from data, kept in MLflow's form, enforced at prediction."""
