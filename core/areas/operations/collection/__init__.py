"""The jobs: probing every component and measuring the host, the API and the AI."""
