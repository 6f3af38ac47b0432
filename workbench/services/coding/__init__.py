"""Reading and coding: answers opened, codings made and placed again, extracts found and kept."""
