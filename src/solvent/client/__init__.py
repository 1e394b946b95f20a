"""The SDK: the fluent API, ``Client``, the spool and its sender."""
