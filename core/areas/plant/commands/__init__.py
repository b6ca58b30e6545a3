"""What the plant can be asked. Declarations only; what they do is loaded when it is asked for."""
