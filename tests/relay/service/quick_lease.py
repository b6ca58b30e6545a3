"""A relay whose leases run out sooner, so that a test need not wait for half a minute."""

from __future__ import annotations

import sys

from core.engine import lease

QUICK_RENEWAL, QUICK_EXPIRY = 0.3, 1.2

if __name__ == "__main__":
    lease.RENEW_EVERY, lease.EXPIRES_AFTER = (
        QUICK_RENEWAL,
        QUICK_EXPIRY,
    )  # before anybody takes them from there
    from core.relay.__main__ import main

    sys.exit(main())
