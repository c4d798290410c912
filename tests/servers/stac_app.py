"""A STAC API in memory on stac-fastapi, run in its own virtual environment: `stac.py` starts it.

    stac_app.py <port>

It ends when its standard input closes.
"""

from __future__ import annotations

import copy
import json
import os
import sys
import threading
from datetime import datetime
from typing import Any

import attr
import uvicorn
from cql2 import Expr
from shapely.geometry import box, shape
from stac_data import collections, items
from stac_fastapi.api.app import StacApi
from stac_fastapi.api.models import create_get_request_model, create_post_request_model
from stac_fastapi.extensions import (
    FilterExtension,
    FreeTextExtension,
    OffsetPaginationExtension,
    SortExtension,
    TransactionExtension,
)
from stac_fastapi.extensions.filter.client import BaseFiltersClient
from stac_fastapi.extensions.transaction import BaseTransactionsClient
from stac_fastapi.types.config import ApiSettings
from stac_fastapi.types.core import BaseCoreClient
from stac_fastapi.types.errors import ConflictError, NotFoundError

Document = dict[str, Any]
GEOJSON = "application/geo+json"
COLLECTIONS: dict[str, Document] = {found["id"]: found for found in collections()}
ITEMS: dict[tuple[str, str], Document] = {(i["collection"], i["id"]): i for i in items()}


def moments(found: Document) -> tuple[datetime, datetime]:
    """First and last moment of an item."""
    properties = found["properties"]
    single = properties.get("datetime")
    ends = (
        (single, single) if single else (properties["start_datetime"], properties["end_datetime"])
    )
    return tuple(datetime.fromisoformat(end) for end in ends)


def linked(found: Document, base: str) -> Document:
    """An item with its links."""
    parent = f"{base}collections/{found['collection']}"
    links = [
        {"rel": "self", "type": GEOJSON, "href": f"{parent}/items/{found['id']}"},
        {"rel": "collection", "type": "application/json", "href": parent},
        {"rel": "root", "type": "application/json", "href": base},
    ]
    return {**copy.deepcopy(found), "links": links}


def linked_collection(found: Document, base: str) -> Document:
    """A collection with its links."""
    url = f"{base}collections/{found['id']}"
    links = [
        {"rel": "self", "type": "application/json", "href": url},
        {"rel": "items", "type": GEOJSON, "href": f"{url}/items"},
        {"rel": "root", "type": "application/json", "href": base},
    ]
    return {**copy.deepcopy(found), "links": links}


def plain(model: Any) -> Document:
    """A request's body as it came."""
    return model if isinstance(model, dict) else model.model_dump(mode="json", exclude_unset=True)


def answers(expression: Expr, found: Document) -> bool:
    """Tell whether an item answers a filter; one without the property does not."""
    try:
        return bool(expression.matches(found))
    except Exception as error:
        if "reduce" in str(error):
            return False
        raise


def key(field: str):
    """What items are sorted by."""
    name = field.removeprefix("properties.")

    def value(found: Document) -> tuple[int, Any]:
        value = found.get(name, found["properties"].get(name))
        number = isinstance(value, int | float)
        return (0, value) if number else (1, str(value or ""))

    return value


@attr.s
class Queryables(BaseFiltersClient):
    """What can be filtered by."""

    def get_queryables(self, collection_id=None, **kwargs):
        properties = {"id": {"type": "string"}, "eo:cloud_cover": {"type": "number"}}
        if collection_id == "built-up":
            properties = {"year": {"type": "integer"}}
        return {"type": "object", "properties": properties}


@attr.s
class Core(BaseCoreClient):
    """Searches in memory."""

    def find(self, wanted: Document) -> list[Document]:
        """All items that answer a search, in order."""
        found = list(ITEMS.values())
        for name, of in (("collections", "collection"), ("ids", "id")):
            if wanted.get(name):
                found = [one for one in found if one[of] in wanted[name]]
        if wanted.get("bbox"):
            area = box(*wanted["bbox"])
            found = [one for one in found if shape(one["geometry"]).intersects(area)]
        if wanted.get("datetime"):
            span = wanted["datetime"]
            begin, end = span if isinstance(span, tuple) else (span, span)
            found = [
                one
                for one in found
                if (end is None or moments(one)[0] <= end)
                and (begin is None or moments(one)[1] >= begin)
            ]
        if wanted.get("filter"):
            expression = Expr(wanted["filter"])
            found = [one for one in found if answers(expression, one)]
        if wanted.get("q"):
            words = [word.casefold() for word in wanted["q"]]
            texts = {
                known["id"]: f"{known['title']} {' '.join(known['keywords'])}".casefold()
                for known in COLLECTIONS.values()
            }
            found = [
                one
                for one in found
                if any(
                    word in str(one["properties"]).casefold() + texts[one["collection"]]
                    for word in words
                )
            ]
        for order in reversed(wanted.get("sortby") or []):
            falls = order["direction"] == "desc"
            found.sort(key=key(order["field"]), reverse=falls)
        return found

    def page(self, wanted: Document, base: str, following: Any) -> Document:
        """One page of what was found."""
        begin, size = int(wanted.get("offset") or 0), int(wanted.get("limit") or 10)
        found = self.find(wanted)
        shown = found[begin : begin + size]
        links = [{"rel": "root", "type": "application/json", "href": base}]
        if begin + size < len(found):
            links.append({"rel": "next", "type": GEOJSON, **following(begin + size)})
        return {
            "type": "FeatureCollection",
            "features": [linked(one, base) for one in shown],
            "links": links,
            "numberMatched": len(found),
            "numberReturned": len(shown),
        }

    def post_search(self, search_request, **kwargs):
        base = str(kwargs["request"].base_url)
        body = search_request.model_dump(exclude_none=True, mode="json", by_alias=True)
        wanted = {**body, "filter": body.get("filter") or body.get("filter_expr")}
        if search_request.datetime:
            wanted["datetime"] = (search_request.start_date, search_request.end_date)

        def following(offset: int) -> Document:
            body["offset"] = offset
            return {"method": "POST", "href": f"{base}search", "body": body}

        return self.page(wanted, base, following)

    def get_search(self, **kwargs):
        request = kwargs["request"]
        wanted = {**kwargs, "filter": kwargs.get("filter_expr")}
        wanted["sortby"] = [
            {"field": part.lstrip("+-"), "direction": "desc" if part[0] == "-" else "asc"}
            for part in kwargs.get("sortby") or []
        ]
        if isinstance(wanted.get("datetime"), str):
            ends = wanted["datetime"].split("/") * 2
            moment = [None if end in ("", "..") else datetime.fromisoformat(end) for end in ends]
            wanted["datetime"] = (moment[0], moment[1])

        def following(offset: int) -> Document:
            return {"href": str(request.url.include_query_params(offset=offset))}

        return self.page(wanted, str(request.base_url), following)

    def get_item(self, item_id, collection_id, **kwargs):
        if (collection_id, item_id) not in ITEMS:
            raise NotFoundError(f"{item_id} is not in {collection_id}")
        return linked(ITEMS[collection_id, item_id], str(kwargs["request"].base_url))

    def all_collections(self, **kwargs):
        base = str(kwargs["request"].base_url)
        found = [linked_collection(known, base) for known in COLLECTIONS.values()]
        return {"collections": found, "links": [{"rel": "root", "href": base}]}

    def get_collection(self, collection_id, **kwargs):
        if collection_id not in COLLECTIONS:
            raise NotFoundError(f"{collection_id} is not here")
        return linked_collection(COLLECTIONS[collection_id], str(kwargs["request"].base_url))

    def item_collection(self, collection_id, **kwargs):
        return self.get_search(**{**kwargs, "collections": [collection_id]})


@attr.s
class Transactions(BaseTransactionsClient):
    """Writes into memory."""

    def create_item(self, collection_id, item, **kwargs):
        if collection_id not in COLLECTIONS:
            raise NotFoundError(f"{collection_id} is not here")
        body = plain(item)
        several = body["type"] == "FeatureCollection"
        for one in body["features"] if several else [body]:
            if (collection_id, one["id"]) in ITEMS:
                raise ConflictError(f"{one['id']} is there already")
            ITEMS[collection_id, one["id"]] = {**one, "collection": collection_id}
        if several:
            return None
        return linked(ITEMS[collection_id, body["id"]], str(kwargs["request"].base_url))

    def update_item(self, collection_id, item_id, item, **kwargs):
        if (collection_id, item_id) not in ITEMS:
            raise NotFoundError(item_id)
        ITEMS[collection_id, item_id] = {**plain(item), "collection": collection_id}
        return linked(ITEMS[collection_id, item_id], str(kwargs["request"].base_url))

    def patch_item(self, collection_id, item_id, patch, **kwargs):
        raise NotImplementedError

    def delete_item(self, item_id, collection_id, **kwargs):
        if ITEMS.pop((collection_id, item_id), None) is None:
            raise NotFoundError(item_id)

    def create_collection(self, collection, **kwargs):
        body = plain(collection)
        if body["id"] in COLLECTIONS:
            raise ConflictError(f"{body['id']} is there already")
        COLLECTIONS[body["id"]] = body
        return body

    def update_collection(self, collection_id, collection, **kwargs):
        COLLECTIONS[collection_id] = plain(collection)
        return COLLECTIONS[collection_id]

    def patch_collection(self, collection_id, patch, **kwargs):
        raise NotImplementedError

    def delete_collection(self, collection_id, **kwargs):
        COLLECTIONS.pop(collection_id, None)


def application() -> Any:
    """The server's routes."""
    settings = ApiSettings(
        stac_fastapi_title="Made-up catalog",
        stac_fastapi_description="For tests",
        stac_fastapi_landing_id="made-up",
    )
    searching = [
        FilterExtension(client=Queryables()),
        SortExtension(),
        FreeTextExtension(),
        OffsetPaginationExtension(),
    ]
    writing = TransactionExtension(client=Transactions(), settings=settings)
    return StacApi(
        settings=settings,
        client=Core(title="Made-up catalog", description="For tests"),
        extensions=[*searching, writing],
        search_get_request_model=create_get_request_model(searching),
        search_post_request_model=create_post_request_model(searching),
    ).app


def end_with_input() -> None:
    """End when whoever started this has ended."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_input, daemon=True).start()
    print(json.dumps({"items": len(ITEMS)}), flush=True)
    uvicorn.run(application(), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
