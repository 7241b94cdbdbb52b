"""One connection of the HTTP server, and what came in on it: bounded, and with a limit on every wait. Only the standard library."""

import select
import socket
import struct
import time

# For a client to go on reading or writing.
SECONDS_TO_GO_ON = 30
TIMEOUT = struct.pack("ll", SECONDS_TO_GO_ON, 0)


class Refused(Exception):
    """A request that does not reach the application; its text is the status line's."""


class ClientGone(Exception):
    """Nothing can be read from or written to this client any more."""


class Client:
    """One connection, and what came in on it and was not used yet."""

    __slots__ = ("socket", "number", "received", "is_watched")

    def __init__(self, connection):
        self.socket, self.number = connection, connection.fileno()
        self.received, self.is_watched = b"", False
        if connection.gettimeout() is not None:  # socket.setdefaulttimeout of the project
            connection.setblocking(True)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, TIMEOUT)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, TIMEOUT)

    def look(self):
        """Takes in what is there already. False when there is nothing. Raises ClientGone."""
        try:
            return self.receive(socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False

    def receive(self, flags=0):
        try:
            data = self.socket.recv(65536, flags)
        except BlockingIOError:
            raise
        except OSError:
            raise ClientGone from None
        if not data:
            raise ClientGone
        self.received = self.received + data if self.received else data
        return True

    def need(self):
        """Waits for more."""
        try:
            self.receive()
        except BlockingIOError:  # after SECONDS_TO_GO_ON
            raise Refused("408 Request Timeout") from None

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            raise ClientGone from None

    def take(self, length):
        while len(self.received) < length:
            self.need()
        taken, self.received = self.received[:length], self.received[length:]
        return taken

    def take_until(self, mark, limit, status):
        searched = 0
        while (end := self.received.find(mark, searched)) < 0:
            searched = max(0, len(self.received) - len(mark) + 1)
            if searched > limit:
                raise Refused(status)
            self.need()
        if end > limit:
            raise Refused(status)
        taken, self.received = self.received[:end], self.received[end + len(mark) :]
        return taken

    def close(self):
        try:
            # A process that the project forked may hold the connection too.
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def send_error(self, status, is_head=False):
        text = f"{status}\n"
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
        self.send((head if is_head else head + text).encode())

    def listen_on(self):
        """Reads and drops for a moment: a client that is still sending might lose its answer otherwise."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
            end = time.monotonic() + 1
            while (left := end - time.monotonic()) > 0 and select.select([self.socket], [], [], left)[0]:
                self.received = b""
                self.receive()
        except (ClientGone, OSError, ValueError):
            pass
