"""Talks to people, and puts everything together."""
