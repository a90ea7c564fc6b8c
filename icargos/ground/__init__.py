"""What every domain stands on: tenancy, facts and their outbox, relay, jobs, idempotency, numbers, files, live."""
