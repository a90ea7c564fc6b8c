"""The courier's work between booking and money: scans, run sheets, attempts, proof, the shipper's advice."""
