"""One reader a file format: bytes to text and what the file says about it."""
