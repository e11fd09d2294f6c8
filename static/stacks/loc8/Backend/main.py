"""The api of LOC8: places, how they grow, and what that adds up to."""

import json
import os
import socket
import sqlite3

import psycopg2
import redis
from fastapi import APIRouter, FastAPI, HTTPException, Query, Response
from fastapi.middleware.cors import CORSMiddleware

from growth import Place, predict
from store import Store, is_known

REDIS_URL = os.environ.get("REDIS_URL", "")
CACHE_SECONDS = 10
if not os.environ.get("SECRET_KEY"):
    raise SystemExit("SECRET_KEY is not set.")

app = FastAPI(title="LOC8", debug=os.environ.get("DEBUG") == "true")
app.add_middleware(
    CORSMiddleware,
    allow_origins=os.environ.get("CORS_ORIGINS", "http://localhost:3000").split(","),
    allow_methods=["GET", "PUT"],
    allow_headers=["Content-Type"],
)
api = APIRouter(prefix="/api")
store = Store()
cache = redis.Redis.from_url(REDIS_URL, socket_timeout=1, decode_responses=True) if is_known(REDIS_URL) else None


@app.get("/health")
def health(response: Response) -> dict[str, str]:
    """Healthy when places can be read; says what is in use."""
    try:
        store.check()
    except (psycopg2.Error, sqlite3.Error) as error:
        response.status_code = 503
        return {"status": "unhealthy", "store": str(error).strip()}
    return {"status": "healthy", "store": store.kind, "cache": "redis" if cache else "off"}


@api.get("/health")
def health_from_outside(response: Response) -> dict[str, str]:
    """As /health, on a path that Nginx passes on."""
    return health(response)


@api.get("/")
def index() -> dict[str, str]:
    """Which container answers."""
    return {"service": "backend", "served_by": socket.gethostname()}


@api.get("/places")
def places() -> list[dict]:
    """All places."""
    return store.all()


@api.put("/places", status_code=204)
def put_place(place: Place) -> None:
    """Adds a place, or gives the one of that name new numbers."""
    store.put(place.name, place.population, place.rate)
    if cache:
        cache.delete("summary")


@api.get("/predict/{name}")
def prediction(name: str, years: int = Query(10, ge=1, le=100)) -> dict:
    """How a place grows."""
    place = next((place for place in store.all() if place["name"] == name), None)
    if place is None:
        raise HTTPException(404, f"There is no place {name!r}.")
    return {"name": name, "years": predict(place["population"], place["rate"], years)}


@api.get("/analytics/summary")
def summary() -> dict:
    """All places together."""
    cached = cache.get("summary") if cache else None
    if cached:
        return json.loads(cached) | {"cached": True}
    found = store.all()
    result = {
        "places": len(found),
        "population": sum(place["population"] for place in found),
        "in_ten_years": sum(predict(place["population"], place["rate"], 10)[-1] for place in found),
    }
    if cache:
        cache.set("summary", json.dumps(result), ex=CACHE_SECONDS)
    return result | {"cached": False}


app.include_router(api)
