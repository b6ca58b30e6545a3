"""What commands and jobs of the operations area change."""
