"""What the words of a study are and the rules that they follow: pure values and functions."""
