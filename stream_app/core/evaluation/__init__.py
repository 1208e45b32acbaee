"""Accuracy against gold: one module per question, each from gold rows and our records to counts and shares."""
