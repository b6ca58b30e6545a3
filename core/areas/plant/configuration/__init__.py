"""What the plant can be told in files that people write."""
