"""The engine: what opsdeck does by itself, who does it when several processes run, and how politely."""
