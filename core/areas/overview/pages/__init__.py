"""The overview's pages, made from what the areas hand out."""
