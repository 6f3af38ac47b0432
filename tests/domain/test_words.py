"""Words for people: dates as they write them, and nothing taken for a date that is none."""

import pytest

from workbench.domain.words import readable_date


@pytest.mark.parametrize(
    ("stored", "told"),
    [("2022-02-10", "10 Feb 2022"), ("1950-12-01", "1 Dec 1950"),
     ("2022-02-10T09:30:00.000Z", "10 Feb 2022"), ("2022-02-10 09:30", "10 Feb 2022")],
)  # fmt: skip
def test_a_date_is_written_as_people_do(stored: str, told: str) -> None:
    assert readable_date(stored) == told


@pytest.mark.parametrize(
    "stored",
    ["", "Roma", "2022", "2022-02", "2022-13-01", "2022-00-10", "2022-02-32", "2022-02-10-3",
     "2022-02-10 to 2022-03-10", "٢٠٢٢-٠٢-١٠", "R-2022-02-10", "2022-02-10\n"],
)  # fmt: skip
def test_what_is_no_date_stays_as_it_is(stored: str) -> None:
    assert readable_date(stored) == stored
