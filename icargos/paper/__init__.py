"""Papers: typed data in, PDF bytes out. No Django, no database."""
