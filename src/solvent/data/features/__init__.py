"""Features: columns that code makes, with what they mean, who answers for them and the source that makes them."""
