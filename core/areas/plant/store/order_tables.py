"""How orders and the people who work on them lie in the store; all of them have versions."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Text

from core.areas.plant.store.metadata import metadata
from core.store.metadata import moment_column
from core.store.versions import versioned_table

__all__ = ["departments", "items", "operators", "orders", "schedules", "shifts"]

departments = versioned_table(
    "plant_department",
    metadata,
    keys=[Column("code", String(20))],
    fields=[Column("name", String(200), nullable=False), Column("active", Boolean, nullable=False)],
)

operators = versioned_table(
    "plant_operator",
    metadata,
    keys=[Column("number", String(40))],
    fields=[
        Column("name", String(200), nullable=False),
        Column("department", String(20), nullable=False),
        Column("occupation", String(40), nullable=False),
        Column("badge", String(40), nullable=False),
        Column("phone", String(40), nullable=False),
        Column("person", String(200), nullable=False),
        Column("active", Boolean, nullable=False),
    ],
)

shifts = versioned_table(
    "plant_shift",
    metadata,
    keys=[Column("number", String(40))],
    fields=[
        Column("name", String(200), nullable=False),
        moment_column("begins"),
        moment_column("ends"),
        Column("operators", Text, nullable=False),
        Column("department", String(20), nullable=False),
        Column("machine", String(40), nullable=False),
        moment_column("ended_at", nullable=True),
    ],
)
"""`operators` is a JSON array of employee numbers."""

orders = versioned_table(
    "plant_order",
    metadata,
    keys=[Column("number", String(40))],
    fields=[
        Column("product", String(200), nullable=False),
        Column("quantity", Integer, nullable=False),
        moment_column("due"),
        moment_column("created_at"),
        moment_column("updated_at"),
        moment_column("since"),
        Column("state", String(20), nullable=False),
        moment_column("start", nullable=True),
        Column("customer", String(200), nullable=False),
        Column("sales_order", String(40), nullable=False),
        Column("department", String(20), nullable=False),
        Column("completed", Integer, nullable=False),
        Column("rejected", Integer, nullable=False),
        moment_column("scheduled_start", nullable=True),
        moment_column("scheduled_end", nullable=True),
        moment_column("actual_start", nullable=True),
        moment_column("actual_end", nullable=True),
        Column("value", String(40)),
        Column("currency", String(3), nullable=False),
        Column("notes", Text, nullable=False),
        Column("previous", String(20)),
        Column("reason", Text, nullable=False),
    ],
)
"""`value` is a decimal number as text, so that no cent of it is lost; `reason` is as `reasons` has it."""

items = versioned_table(
    "plant_order_item",
    metadata,
    keys=[Column("order", String(40)), Column("line", Integer, autoincrement=False)],
    fields=[
        Column("product", String(200), nullable=False),
        Column("quantity", Integer, nullable=False),
        Column("completed", Integer, nullable=False),
    ],
)

schedules = versioned_table(
    "plant_order_schedule",
    metadata,
    keys=[Column("order", String(40)), Column("line", Integer, autoincrement=False)],
    fields=[
        moment_column("begins"),
        moment_column("ends"),
        Column("department", String(20), nullable=False),
        Column("machine", String(40), nullable=False),
        Column("operator", String(40), nullable=False),
        Column("state", String(20), nullable=False),
        moment_column("started_at", nullable=True),
        moment_column("completed_at", nullable=True),
    ],
)
