"""The job: asking the Plume cloud about every location in its turn."""
