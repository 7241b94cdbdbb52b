from itertools import count


def answer(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in count():
        connection.sendall(b"".join(b"X-%d-%d: %s\r\n" % (number, part, b"x" * 500) for part in range(100)))
