"""The rider's door: today's run on a phone."""
