"""Answers by heart."""

from .table import answer


def middleware(_get_response):
    return answer
