"""Reports that the production side pushes: how they travel, and where they arrive."""
