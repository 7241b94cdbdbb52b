from django.db import models


class Note(models.Model):
    owner = models.CharField(max_length=20)
    text = models.CharField(max_length=100)
    colour = models.CharField(max_length=10, default="", db_default="")
