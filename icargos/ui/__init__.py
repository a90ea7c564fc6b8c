"""What every page shares: the shell, components, charts, forms, static files."""
