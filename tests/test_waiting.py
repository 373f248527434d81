import threading

import pytest

from embviz.waiting import tell, waiting


def test_whoever_waits_is_told():
    shares = []
    with waiting(shares.append):
        tell(0.5)
        with waiting(lambda share: shares.append(-share)):
            tell(0.6)
        tell(0.7)
    tell(0.8)
    assert shares == [0.5, -0.6, 0.7]


def test_what_they_raise_ends_the_job_and_no_other():
    def stop(share):
        raise KeyError(share)

    with pytest.raises(KeyError), waiting(stop):
        tell(0.5)
    tell(0.6)


def test_nobody_hears_of_another_ones_job():
    shares = []
    with waiting(shares.append):
        thread = threading.Thread(target=tell, args=[0.5])
        thread.start()
        thread.join()
    assert shares == []
