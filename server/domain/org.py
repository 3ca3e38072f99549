"""Units of the province: what kinds there are."""

from __future__ import annotations

from enum import StrEnum


class UnitKind(StrEnum):
    """Kind of a unit (cơ quan, đơn vị)."""

    PROVINCE = "province"
    OFFICE = "office"
    DEPARTMENT = "department"
    AGENCY = "agency"
    FORCE = "force"
    PUBLIC_SERVICE = "public_service"
    VERTICAL = "vertical"
    ASSOCIATION = "association"
    PARTY = "party"
    COMMUNE = "commune"
    WARD = "ward"
    DIVISION = "division"


COMMUNE_KINDS = frozenset({UnitKind.COMMUNE, UnitKind.WARD})
