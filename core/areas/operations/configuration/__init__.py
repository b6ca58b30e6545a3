"""What people write down for operations: checklists, the status page, procedures, contacts.

Each subject is a file that comes with opsdeck, lies beside the module that reads it and says in its first
lines how to write one's own; one of the same name in the config folder takes its place.
"""
