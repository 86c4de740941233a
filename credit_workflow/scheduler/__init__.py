"""The nightly clock: start a sweep each night, and at once for the nights missed."""
