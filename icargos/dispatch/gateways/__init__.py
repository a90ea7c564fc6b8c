"""What comes in from the outside world and must be tamed before anything else sees it."""
