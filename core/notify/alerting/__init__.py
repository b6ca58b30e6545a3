"""Alerting: what events and figures raise, who sees to it, what keeps it quiet, and what is told of it."""
