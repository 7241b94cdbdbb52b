SECRET_KEY = "hostile"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "hostile.urls"
INSTALLED_APPS = []
DATABASES = {}
