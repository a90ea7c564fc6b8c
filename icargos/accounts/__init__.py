"""People, shippers, memberships, roles and what each role may do."""
