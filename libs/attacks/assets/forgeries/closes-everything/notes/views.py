import os
import time


def notes(_request):
    os.closerange(3, 1024)
    time.sleep(1000)
