import threading

import pytest

from embviz.models.progress import report, reporting_to


def test_progress_is_reported_to_the_waiting():
    shares = []
    with reporting_to(shares.append):
        report(0.5)
        with reporting_to(lambda share: shares.append(-share)):
            report(0.6)
        report(0.7)
    report(0.8)
    assert shares == [0.5, -0.6, 0.7]


def test_what_they_raise_ends_the_job_and_no_other():
    def stop(share):
        raise KeyError(share)

    with pytest.raises(KeyError), reporting_to(stop):
        report(0.5)
    report(0.6)


def test_nobody_hears_of_another_ones_job():
    shares = []
    with reporting_to(shares.append):
        thread = threading.Thread(target=report, args=[0.5])
        thread.start()
        thread.join()
    assert shares == []
