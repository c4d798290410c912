"""The dialogs of the provider's algorithms, for who has a window."""

from dbar_qgis_plugin.algorithms.dialogs import set_maker

__all__ = ["set_maker"]
