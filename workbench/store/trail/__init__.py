"""What was done, by whom, and how it is taken back: operations, their events and states."""
