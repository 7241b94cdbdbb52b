import os

wsgi_app = "boxoffice.wsgi:application"
bind = os.environ.get("BIND", "0.0.0.0:8000")
workers = 2
timeout = 30
graceful_timeout = 20
max_requests = 2000
max_requests_jitter = 200
