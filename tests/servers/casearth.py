"""A made-up sharing service like that of CASEarth: lists of files in JSON, files for accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.servers.misbehaving import Answer, Asked, MisbehavingServer, Rule, as_json

SET = "67bfc5e083917d6a7fa5b8ea"
PAGE = f"/en/sdo/detail/{SET}"
LIST = "/api/dataset/getAllFileListBySdoId"
OLD_LIST = "/api/getAllFileListBySdoId"
FILE = "/api/file/downloadOneFile"
ACCOUNT = "张三+lights"
TIFF = b"II*\0" + bytes(range(256)) * 800
FILES: list[Any] = [
    {"id": "f1", "file_name": "夜光 遥感 2020.tif", "file_size": len(TIFF)},
    {"id": "f2", "file_name": "夜光 遥感 2020.tif"},
    {"fileId": 3, "fileName": "part/Lights 2021.tif", "size": "1.5 MB"},
    {"id": "f4", "file_name": "all.rar", "file_size": "a lot"},
    {"id": "f5"},
]


def lists(files: Any = FILES) -> Rule:
    """Answer with the files of the data set; with an error for any other."""

    def rule(asked: Asked) -> Answer:
        if asked.query.get("sdoId") != SET:
            return as_json({"code": 500, "msg": "no such data set"})
        return as_json({"code": 200, "msg": "ok", "data": files})

    return rule


def gives(files: Mapping[str, Rule]) -> Rule:
    """Answer with files by id; without the account's name with an error, and status 200."""

    def rule(asked: Asked) -> Answer:
        if asked.query.get("username") != ACCOUNT:
            return as_json({"code": 401, "msg": "用户未登录"})
        found = files.get(asked.query.get("fileId", ""), as_json({"code": 404, "msg": "?"}))
        return found(asked) if callable(found) else found

    return rule


def data_set(server: MisbehavingServer, files: Any = FILES) -> str:
    """Make a server have the data set, and return the address of its page."""
    server.on(LIST, lists(files))
    return server.url + PAGE
