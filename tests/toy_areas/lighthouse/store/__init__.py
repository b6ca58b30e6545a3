"""What the lighthouse keeps."""
