"""How fast opsdeck is, as ratios to programs that do nothing but the unavoidable; and its photographs."""
