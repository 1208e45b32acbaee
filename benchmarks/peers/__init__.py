"""The same job in other hands: read, burn a fixed time, send under the same key, wait for the answer, then commit."""
