"""How outsiders see our nouns."""
