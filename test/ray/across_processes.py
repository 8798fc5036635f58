"""A driver whose workers use what it sends them; it prints what they made of it, as JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import ray

from openapiopenai import ApiClient, ApiException, ApiResponse, AudioApi, Configuration
from openapiopenai.exceptions import ApiValueError, exception_class


@ray.remote
def heard(api: AudioApi, file: str) -> ApiResponse[Any]:
    return api.create_transcription_with_http_info(
        file, "whisper-1", response_format="verbose_json"
    )


@ray.remote
def authorization(configuration: Configuration) -> str:
    return configuration.auth_settings()["ApiKeyAuth"]["value"]


@ray.remote
def failing(error: Exception) -> None:
    raise error


def caught(error: Exception) -> Any:
    try:
        ray.get(failing.remote(error))
    except Exception as met:  # noqa: BLE001 - which one it is, is the question
        return met.cause if isinstance(met, ray.exceptions.RayTaskError) else met
    raise AssertionError("nothing was raised")


def told(error: ApiException) -> list[Any]:
    names = "status reason body data code param type message request_id retry_after attempts"
    kinds = [kind.__name__ for kind in type(error).__mro__]
    return [kinds, repr(error), str(error), *(getattr(error, name) for name in names.split())]


def refusal(status: int) -> ApiException:
    body = {"error": {"message": "no", "code": "c", "param": "p", "type": "t"}}
    headers = {"x-request-id": "req-1", "Retry-After": "7"}
    return exception_class(status)(
        status, "Reason", body=json.dumps(body), headers=headers, attempts=3
    )


def main() -> None:
    host, file, statuses = sys.argv[1], sys.argv[2], (400, 401, 403, 404, 409, 413, 422, 429, 500)
    ray.init()
    api = AudioApi(ApiClient(Configuration(host=host, access_token="sk-by-value")))
    answer = ray.get(heard.remote(api, file))
    late = Configuration(host=host, access_token=lambda: os.environ["TOKEN"])
    pairs = [(told(error), told(caught(error))) for error in map(refusal, statuses)]
    print(  # noqa: T201 - for the test that started it
        json.dumps(
            {
                "text": answer.data.text,
                "request_id": answer.request_id,
                "status": answer.status_code,
                "by_value": ray.get(authorization.remote(api.api_client.configuration)),
                "by_callable": ray.get(authorization.remote(late)),
                "errors": pairs,
                "argument": repr(caught(ApiValueError("wrong", ["a", 0]))),
            }
        )
    )


if __name__ == "__main__":
    main()
