raise SystemExit("gunicorn cannot use this")
