"""Models as files: MLflow's MLmodel format, flavours, signatures, evaluation, cards. It knows no store and no server."""
