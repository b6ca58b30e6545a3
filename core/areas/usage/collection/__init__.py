"""The jobs: asking Taara for every account in its turn, and the nightly forgetting."""
