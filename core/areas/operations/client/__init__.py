"""Asking the outside world: the probes that travel over a network, and the metrics source."""
