"""What if: the real engine, run forward in memory over a copy of today's cases."""
