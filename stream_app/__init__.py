"""Counts casualties in a stream of news: copies found, figures and places tagged, tolls kept per incident."""

__version__ = "0.10.0"
