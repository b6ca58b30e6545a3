"""The operations area as a person sees it."""
