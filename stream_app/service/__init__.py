"""The thin edge: the only code that knows Kafka exists."""
