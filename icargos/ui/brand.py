"""The courier's two colours as a stylesheet of their own: the page's policy forbids styles inside the HTML."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def stylesheet(request: HttpRequest) -> HttpResponse:
    """The courier's brand hue (0-360) and chroma (0-0.2) as two custom properties.

    Values out of range or not numbers fall back to the house's own, so that no setting can break the page's colours.
    """
    courier = getattr(request, "courier", None)
    values = courier.__dict__ if courier is not None and hasattr(courier, "__dict__") else settings.COURIER
    hue = _number(values.get("brand_h"), 0, 360, 184)
    chroma = _number(values.get("brand_c"), 0, 0.2, 0.075)
    rule = f":root{{--brand-h:{hue:g};--brand-c:{chroma:g}}}\n"
    response = HttpResponse(rule, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


def _number(text: object, low: float, high: float, otherwise: float) -> float:
    try:
        number = float(str(text))
    except ValueError:
        return otherwise
    return number if low <= number <= high else otherwise
