"""Public tracking's pages."""
