from django.contrib import admin

from .models import Author, Book, Publisher, Tag

admin.site.register([Author, Book, Publisher, Tag])
