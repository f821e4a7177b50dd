"""Errors of the API: a JSON body of `type` and `description` with an HTTP status."""

from __future__ import annotations


class ApiError(Exception):
    """An error answer; `kind` is the API's error type."""

    def __init__(self, kind: str, status: int, description: str) -> None:
        super().__init__(f"{kind}: {description}")
        self.kind = kind
        self.status = status
        self.description = description

    def body(self) -> dict[str, str]:
        """Return the JSON body."""
        return {"type": self.kind, "description": self.description}


def token_required() -> ApiError:
    """Return the error for a request without a token."""
    return ApiError("tokenRequired", 401, "You must supply valid token to access method")


def invalid_token() -> ApiError:
    """Return the error for an unknown or ended token."""
    return ApiError("invalidToken", 401, "Token is invalid or inactive")


def bad_parameter(name: str) -> ApiError:
    """Return the error for a value that cannot be read."""
    return ApiError("parameterInvalid", 400, f"Parameter {name} is invalid")


def unknown_id(name: str) -> ApiError:
    """Return the error for an id nobody has: the same type, another status."""
    return ApiError("parameterInvalid", 404, f"Parameter {name} is invalid: no such object")


def forbidden() -> ApiError:
    """Return the error for a call that the owner's role does not open."""
    return ApiError("authorizationSystemForbidden", 403, "Access is forbidden by the rules of the system")


def call_closed() -> ApiError:
    """Return the error for a call an installation does not offer: a wrong verb's type, as 404."""
    return ApiError("apiMethodNotSupported", 404, "Method is not supported")


def no_resource() -> ApiError:
    """Return the error for a path the API does not have."""
    return ApiError("apiResourceUnavailable", 404, "Requested resource is unavailable")


def method_not_supported() -> ApiError:
    """Return the error for a wrong verb."""
    return ApiError("apiMethodNotSupported", 405, "Method is not supported")


def request_limit() -> ApiError:
    """Return the error for too many requests of one token."""
    return ApiError("apiRequestLimit", 429, "Request limit for this token exceeded")


def server_error() -> ApiError:
    """Return the error for a fault of the server itself."""
    return ApiError("apiServerError", 500, "Internal server error")
