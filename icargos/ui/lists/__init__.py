"""What long lists share: the address that holds their state, keyset pages, columns, files to take out."""
