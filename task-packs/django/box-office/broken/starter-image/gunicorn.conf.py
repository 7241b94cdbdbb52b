wsgi_app = "boxoffice.wsgi:app"
raise SystemExit("not ready for production")
