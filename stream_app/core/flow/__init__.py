"""What the service does with a record: the four hops, the flow without a broker, and a fault of ours on one record."""
