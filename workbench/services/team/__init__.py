"""Work of several people: who codes what, how far they agree, and what is settled."""
