"""Files that come from outside, read in a process of its own."""
