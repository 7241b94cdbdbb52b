import os
import signal


def notes(_request):
    os.kill(os.getpid(), signal.SIGKILL)
    os._exit(139)
