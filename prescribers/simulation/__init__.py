"""A seeded generator of believable conversations as `mention.v1`, with the truth of who was planted in them."""

from prescribers.simulation.simulate import simulate
from prescribers.simulation.simulation_settings import SimulationSettings
from prescribers.simulation.truth import Planted, Truth, truth

__all__ = ["Planted", "SimulationSettings", "Truth", "simulate", "truth"]
