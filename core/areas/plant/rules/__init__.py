"""What the plant decides, apart from any store, network or clock."""
