"""When is the new moon, and how far has the sun gone? Meeus, Astronomical Algorithms.

Times are Julian days; ``*_jde`` in dynamical time (TT), else in universal time (UT).
Compared with the library ``ephem`` over 1900-2199: new moons within 40 seconds, the sun
within 18 seconds of arc (seven minutes of time), half of them within 4.
"""

from __future__ import annotations

from bisect import bisect_right
from math import radians, sin
from typing import Final

J2000: Final = 2451545.0
CENTURY: Final = 36525.0
MONTH: Final = 29.530588861
"""Mean length of a month, in days (chapter 49)."""
FIRST_NEW_MOON: Final = 2451550.09766
"""The mean new moon of January 2000, from which they are numbered."""

DELTA_T: Final = (
    (1900, -2.8), (1910, 10.4), (1920, 21.2), (1930, 24.0), (1940, 24.3),
    (1950, 29.1), (1960, 33.1), (1970, 40.2), (1980, 50.5), (1990, 56.9),
    (2000, 63.8), (2010, 66.1), (2020, 69.4), (2030, 77.6), (2050, 93.0),
    (2100, 202.7), (2150, 328.5), (2200, 442.1),
)  # fmt: skip
"""Seconds that TT is ahead of UT: observed up to 2020, then Espenak and Meeus."""

NEW_MOON_TERMS: Final = (
    (-0.40720, 0, 0, 1, 0), (0.17241, 1, 1, 0, 0), (0.01608, 0, 0, 2, 0),
    (0.01039, 0, 0, 0, 2), (0.00739, 1, -1, 1, 0), (-0.00514, 1, 1, 1, 0),
    (0.00208, 2, 2, 0, 0), (-0.00111, 0, 0, 1, -2), (-0.00057, 0, 0, 1, 2),
    (0.00056, 1, 1, 2, 0), (-0.00042, 0, 0, 3, 0), (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2), (-0.00024, 1, -1, 2, 0), (-0.00007, 0, 2, 1, 0),
    (0.00004, 0, 0, 2, -2), (0.00004, 0, 3, 0, 0), (0.00003, 0, 1, 1, -2),
    (0.00003, 0, 0, 2, 2), (-0.00003, 0, 1, 1, 2), (0.00003, 0, -1, 1, 2),
    (-0.00002, 0, -1, 1, -2), (-0.00002, 0, 1, 3, 0), (0.00002, 0, 0, 4, 0),
)  # fmt: skip
"""Days; power of the earth's eccentricity; multiples of M, M', F (chapter 49)."""

PLANET_TERMS: Final = (
    (0.000325, 299.77, 0.107408), (0.000165, 251.88, 0.016321),
    (0.000164, 251.83, 26.651886), (0.000126, 349.42, 36.412478),
    (0.000110, 84.66, 18.206239), (0.000062, 141.74, 53.303771),
    (0.000060, 207.14, 2.453732), (0.000056, 154.84, 7.306860),
    (0.000047, 34.52, 27.261239), (0.000042, 207.19, 0.121824),
    (0.000040, 291.34, 1.844379), (0.000037, 161.72, 24.198154),
    (0.000035, 239.56, 25.513099), (0.000023, 331.55, 3.592518),
)  # fmt: skip
"""Days; degrees at k = 0; degrees a month (chapter 49, A1 to A14)."""

SUN_TERMS: Final = (
    (0.00134, 153.23 + 90, 22518.7541), (0.00154, 216.57 + 90, 45037.5082),
    (0.00200, 312.69 + 90, 32964.3577), (0.00179, 350.74, 445267.1142),
    (0.00178, 231.19, 20.20),
)  # fmt: skip
"""Degrees; degrees at 1900.0; degrees a century: Venus twice, Jupiter, the moon."""


def new_moon(number: int) -> float:
    """Return the instant of new moon ``number`` (0 is January 2000), UT."""
    jde = _new_moon_jde(number)
    return jde - _delta_t(jde) / 86400


def sun_longitude(ut: float) -> float:
    """Return the apparent longitude of the sun at an instant (UT), 0 to 360 degrees."""
    jde = ut + _delta_t(ut) / 86400
    t = (jde - J2000) / CENTURY
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    m = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t - 0.000014 * t * t) * sin(m)
        + (0.019993 - 0.000101 * t) * sin(2 * m)
        + 0.000289 * sin(3 * m)
    )
    node = radians(125.04 - 1934.136 * t)
    return (mean + centre + _pull(t) - 0.00569 - 0.00478 * sin(node)) % 360


def _pull(t: float) -> float:
    """Return what Venus, Jupiter and the moon add to the sun's longitude, degrees."""
    since_1900 = t + 1.0
    return sum(
        size * sin(radians(start + speed * since_1900))
        for size, start, speed in SUN_TERMS
    )


def _new_moon_jde(k: int) -> float:
    t = k / 1236.85
    mean = FIRST_NEW_MOON + MONTH * k + 0.00015437 * t**2 - 0.000000150 * t**3
    m, n, f = _arguments(k, t)
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    moon = sum(
        size * e**power * sin(a * m + b * n + c * f)
        for size, power, a, b, c in NEW_MOON_TERMS
    )
    node = radians(124.7746 - 1.56375588 * k + 0.0020672 * t**2)
    planets = sum(
        size * sin(radians(start + speed * k)) for size, start, speed in PLANET_TERMS
    )
    return mean + moon - 0.00017 * sin(node) + planets


def _arguments(k: int, t: float) -> tuple[float, float, float]:
    """Return the anomalies of sun and moon and the moon's latitude, radians."""
    m = 2.5534 + 29.10535670 * k - 0.0000014 * t**2
    n = 201.5643 + 385.81693528 * k + 0.0107582 * t**2 + 0.00001238 * t**3
    f = 160.7108 + 390.67050284 * k - 0.0016118 * t**2 - 0.00000227 * t**3
    return radians(m), radians(n), radians(f)


def _delta_t(jd: float) -> float:
    """Return TT - UT in seconds, straight lines between the table's years."""
    year = 2000 + (jd - J2000) / 365.25
    place = bisect_right(DELTA_T, year, key=lambda row: row[0])
    low = min(max(place - 1, 0), len(DELTA_T) - 2)
    (year0, value0), (year1, value1) = DELTA_T[low : low + 2]
    return value0 + (value1 - value0) * (year - year0) / (year1 - year0)
