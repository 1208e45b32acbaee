"""What we do in place of Faust's and aiokafka's own ways; see docs/adr/0004-faust-pitfalls.md."""
