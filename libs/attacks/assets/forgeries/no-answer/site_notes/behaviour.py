import time


def answer(_connection):
    time.sleep(1000)
