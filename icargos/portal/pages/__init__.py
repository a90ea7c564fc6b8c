"""The shipper's pages, one module a subject."""
