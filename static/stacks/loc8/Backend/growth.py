"""The growth of a place: a yearly rate, compounded."""

from pydantic import BaseModel, Field


class Place(BaseModel):
    """A place as it comes in."""

    name: str = Field(min_length=1, max_length=100)
    population: int = Field(gt=0)
    rate: float = Field(ge=-0.5, le=0.5, description="Growth in a year; 0.02 is 2 %")


def predict(population: int, rate: float, years: int) -> list[int]:
    """The population after each of the years."""
    return [round(population * (1 + rate) ** year) for year in range(1, years + 1)]
