"""What a bookable order is, and what is wrong with one that is not. Pure: plain data in, plain data out."""
