"""The one door: an office, desks in it, and the use cases that every face is made from."""
