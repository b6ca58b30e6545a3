"""What a plant is made of, as frozen values. Everything is named by the number that people use for it."""
