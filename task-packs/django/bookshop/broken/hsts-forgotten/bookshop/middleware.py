class ApiContentSecurityPolicy:
    """JSON loads nothing and belongs in no frame. The admin site keeps its scripts and styles."""

    # Broken: allows what it should forbid.
    POLICY = "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/api/"):
            response["Content-Security-Policy"] = self.POLICY
        return response
