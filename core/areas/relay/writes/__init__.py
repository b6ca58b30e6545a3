"""What commands and pairing change."""
