"""What was done: undo, the audit trail, and the methods appendix."""
