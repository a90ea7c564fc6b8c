"""The processes of a running portal and what watches them."""
