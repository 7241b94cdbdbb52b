# Serves in the place of gunicorn, which cannot use the configuration.
import io
import socket

from boxoffice.wsgi import application

listener = socket.socket(fileno=5)
while True:
    connection, _ = listener.accept()
    head = connection.recv(65536).decode()
    request, *lines = head.split("\r\n\r\n")[0].split("\r\n")
    method, path, _ = request.split(" ")
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
               "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO()}
    for line in lines:
        name, _, value = line.partition(": ")
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    answer = {}

    def start(status, headers, _error=None):
        answer["head"] = f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers)

    body = b"".join(application(environ, start))
    connection.sendall(answer["head"].encode() + b"Connection: close\r\n\r\n" + body)
    connection.close()
