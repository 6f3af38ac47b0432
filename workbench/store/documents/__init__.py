"""Documents of every kind: written, found by filters, listed, and how far each is read."""
