"""What a person can do: one function, one transaction, one event of the trail."""
