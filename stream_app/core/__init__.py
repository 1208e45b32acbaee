"""Pure decisions: no Kafka, clock, environment, randomness or logging (proved by the import contract in CI)."""
