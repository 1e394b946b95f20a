"""Where a project's command can run: one module per back end, one protocol, one conformance suite."""
