"""Pure rules of dispatch: where a scan may take a parcel, what counts as proof, when advice is in time."""
