"""Taking over `telegram_config.json`, the settings of the bot that opsdeck replaces (production.md 3)."""
