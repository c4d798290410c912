"""Areas on an ellipsoid of revolution, through its authalic (equal-area) sphere.

Source of the equations: J. P. Snyder, Map Projections: A Working Manual, U.S. Geological Survey
Professional Paper 1395 (1987), equations 3-11, 3-12 and 3-13.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float64 = NDArray[np.float64]


def _authalic_q(sine_of_latitude: Float64, flattening: float) -> Float64:
    """Snyder's q: twice the area, over a squared, of the zone from the equator per radian."""
    e2 = flattening * (2.0 - flattening)
    if e2 <= 0.0:
        return 2.0 * sine_of_latitude
    e = np.sqrt(e2)
    q: Float64 = (1.0 - e2) * (
        sine_of_latitude / (1.0 - e2 * sine_of_latitude**2) + np.arctanh(e * sine_of_latitude) / e
    )
    return q


def authalic_radius(semi_major_m: float, flattening: float) -> float:
    """Radius in metres of the sphere that has the ellipsoid's area.

    Parameters
    ----------
    semi_major_m : float
        Semi-major axis of the ellipsoid in metres.
    flattening : float
        Flattening f = (a - b) / a; 0 for a sphere.
    """
    q_pole = float(_authalic_q(np.ones(1), flattening)[0])
    return semi_major_m * float(np.sqrt(q_pole / 2.0))


def authalic_vectors(
    longitude_deg: ArrayLike, latitude_deg: ArrayLike, flattening: float
) -> Float64:
    """Unit vectors, on the authalic sphere, of places given by geodetic coordinates.

    The mapping keeps ratios of areas; vectors know neither poles nor an antimeridian.

    Parameters
    ----------
    longitude_deg, latitude_deg : array_like
        Geodetic longitude and latitude in degrees, of one shape.
    flattening : float
        Flattening of the ellipsoid.

    Returns
    -------
    ndarray of float64, shape (..., 3)
    """
    longitude = np.radians(np.asarray(longitude_deg, dtype=np.float64))
    sine = np.sin(np.radians(np.asarray(latitude_deg, dtype=np.float64)))
    q_pole = float(_authalic_q(np.ones(1), flattening)[0])
    sine_authalic = np.clip(_authalic_q(sine, flattening) / q_pole, -1.0, 1.0)
    cosine_authalic = np.sqrt(1.0 - sine_authalic**2)
    return np.stack(
        (
            cosine_authalic * np.cos(longitude),
            cosine_authalic * np.sin(longitude),
            np.broadcast_to(sine_authalic, longitude.shape),
        ),
        axis=-1,
    )


def surface_points(
    longitude_deg: ArrayLike, latitude_deg: ArrayLike, semi_major_m: float, flattening: float
) -> Float64:
    """Places on the ellipsoid in metres from its centre, shape (..., 3).

    Parameters
    ----------
    longitude_deg, latitude_deg : array_like
        Geodetic longitude and latitude in degrees, of one shape.
    semi_major_m, flattening : float
        The ellipsoid.
    """
    longitude = np.radians(np.asarray(longitude_deg, dtype=np.float64))
    latitude = np.radians(np.asarray(latitude_deg, dtype=np.float64))
    e2 = flattening * (2.0 - flattening)
    normal = semi_major_m / np.sqrt(1.0 - e2 * np.sin(latitude) ** 2)
    return np.stack(
        (
            normal * np.cos(latitude) * np.cos(longitude),
            normal * np.cos(latitude) * np.sin(longitude),
            normal * (1.0 - e2) * np.sin(latitude),
        ),
        axis=-1,
    )


def latitude_band_areas(
    latitude_edges_deg: ArrayLike, width_deg: float, semi_major_m: float, flattening: float
) -> Float64:
    """Areas of the cells between parallels that follow each other, in closed form.

    Parameters
    ----------
    latitude_edges_deg : array_like, shape (rows + 1,)
        Geodetic latitudes of the cells' edges in degrees; beyond a pole counts as the pole.
    width_deg : float
        Width of a cell in degrees of longitude.
    semi_major_m, flattening : float
        The ellipsoid.

    Returns
    -------
    ndarray of float64, shape (rows,)
        Areas in square metres.
    """
    edges = np.clip(np.asarray(latitude_edges_deg, dtype=np.float64), -90.0, 90.0)
    q = _authalic_q(np.sin(np.radians(edges)), flattening)
    areas: Float64 = np.abs(np.diff(q)) * 0.5 * semi_major_m**2 * np.radians(abs(width_deg))
    return areas


def cell_areas_from_midpoints(
    west: Float64, east: Float64, south: Float64, north: Float64, radius_m: float
) -> Float64:
    """Areas of small cells from the middles of their four sides.

    The area is that of the parallelogram spanned by the two mid-lines, on the authalic sphere. Its
    relative error is of the order of (cell size / radius)^2 / 24: 1e-5 for a cell of 100 km.

    Parameters
    ----------
    west, east, south, north : ndarray of float64, shape (..., 3)
        Unit vectors (see `authalic_vectors`) of the middles of the cells' sides.
    radius_m : float
        Authalic radius in metres.

    Returns
    -------
    ndarray of float64, shape (...)
        Areas in square metres.
    """
    across = np.asarray(east) - np.asarray(west)
    along = np.asarray(north) - np.asarray(south)
    area: Float64 = np.linalg.norm(np.cross(across, along), axis=-1) * radius_m**2
    return area
