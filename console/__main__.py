"""`python -m console` is the `opsdeck` command."""

import sys

from console.cli import main

sys.exit(main())
