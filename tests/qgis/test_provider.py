"""The contract that every algorithm keeps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingUtils

from dbar_qgis_plugin.algorithms.base import forget_definitions
from dbar_qgis_plugin.processing_provider.provider import ALGORITHMS, DbarProvider

# Public names: changed only together with an entry in CHANGELOG.md.
IDS = [
    "dbar:landuseefficiency",
    "dbar:degreeofurbanisation",
    "dbar:degreeofurbanisationunits",
    "dbar:urbanextent",
    "dbar:urbangrowthtype",
    "dbar:annualvegetationindex",
    "dbar:productivitytrajectory",
    "dbar:productivitystate",
    "dbar:productivityperformance",
    "dbar:landproductivity",
    "dbar:landcoverchange",
    "dbar:soilorganiccarbon",
    "dbar:landdegradation",
    "dbar:degradationstatus",
    "dbar:landdegradationsummary",
    "dbar:ldnbalance",
    "dbar:droughthazard",
    "dbar:loadsdgsatscene",
    "dbar:calibratenightlight",
    "dbar:cleannightlight",
    "dbar:registernightlight",
    "dbar:nightlightcolour",
    "dbar:litarea",
    "dbar:nightlightstatistics",
    "dbar:nightlightchange",
    "dbar:electrification",
    "dbar:nightlightcomposite",
    "dbar:nightlightpansharpen",
    "dbar:nightlightdownscale",
    "dbar:searchcatalog",
    "dbar:downloadcatalogitems",
    "dbar:importsdgsatarchive",
    "dbar:publishresult",
    "dbar:sdg1131degurba",
    "dbar:sdg1131extent",
    "dbar:sdg1531",
]

each_algorithm = pytest.mark.parametrize("name", [kind.NAME for kind in ALGORITHMS])


@pytest.fixture
def algorithm(provider: DbarProvider, name: str):
    return provider.algorithm(name)


def as_told(algorithm):
    """All that QGIS learns of an algorithm's parameters and outputs."""
    parameters = [
        (one.toVariantMap(), one.help(), one.flags(), one.metadata(), type(one))
        for one in algorithm.parameterDefinitions()
    ]
    outputs = [
        (one.name(), one.description(), one.autoCreated(), type(one))
        for one in algorithm.outputDefinitions()
    ]
    return parameters, outputs


@each_algorithm
def test_every_instance_has_the_same_parameters(algorithm):
    forget_definitions()
    made, copied = algorithm.create(), algorithm.create()
    assert as_told(made) == as_told(copied)
    assert made.parameterDefinitions()
    del made
    forget_definitions()  # what was made first may be gone
    assert as_told(copied) == as_told(algorithm.create())


def test_ids_are_frozen(provider: DbarProvider):
    assert sorted(algorithm.id() for algorithm in provider.algorithms()) == sorted(IDS)


def test_the_provider_introduces_itself(provider: DbarProvider):
    assert provider.id() == "dbar"
    assert provider.name() == "DBAR SDG Tools"
    assert re.fullmatch(r"\d+\.\d+\.\d+", provider.versionInfo())
    assert Path(provider.svgIconPath()).is_file()
    assert not provider.icon().isNull()
    assert QgsApplication.processingRegistry().providerById("dbar") is provider


@each_algorithm
def test_names(algorithm):
    assert re.fullmatch(r"[a-z0-9]+", algorithm.name())
    assert re.fullmatch(r"[a-z0-9]+", algorithm.groupId())
    assert algorithm.displayName()
    assert algorithm.displayName() != algorithm.name()
    assert algorithm.group()
    assert len(algorithm.tags()) > 3
    assert all(tag == tag.strip() and tag for tag in algorithm.tags())


@each_algorithm
def test_icon(algorithm):
    assert Path(algorithm.svgIconPath()).is_file()
    assert not algorithm.icon().isNull()


@each_algorithm
def test_help(algorithm):
    assert 40 < len(algorithm.shortDescription()) < 200
    html = algorithm.shortHelpString()
    for definition in algorithm.parameterDefinitions():
        assert definition.description() in html
        assert len(definition.help()) > 5, definition.name()
        assert definition.help().split(".")[0].split("<")[0] in re.sub("</?(code|b)>", "", html)
    for output in algorithm.outputDefinitions():
        assert output.description() in html, output.name()
    address = algorithm.helpUrl()
    assert address.startswith("file:")
    page = Path(address.removeprefix("file://")).read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "###" not in page


@each_algorithm
def test_help_in_a_terminal_is_plain_text(algorithm, monkeypatch):
    monkeypatch.setattr(QgsApplication, "platform", staticmethod(lambda: "qgis_process"))
    texts = [algorithm.shortHelpString(), algorithm.shortDescription()]
    texts += [definition.help() for definition in algorithm.parameterDefinitions()]
    for text in texts:
        assert len(text) > 5
        assert not re.search(r"</?\w+>|\*\*|`|#", text)
    assert texts[1] not in texts[0]


@each_algorithm
def test_parameters_and_outputs(algorithm):
    definitions = algorithm.parameterDefinitions()
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", d.name()) for d in definitions)
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", o.name()) for o in algorithm.outputDefinitions())
    destinations = [d.name() for d in definitions if d.isDestination()]
    assert destinations
    assert set(destinations) <= {output.name() for output in algorithm.outputDefinitions()}


@each_algorithm
def test_instances_are_independent(algorithm):
    one, other = algorithm.create(), algorithm.create()
    assert type(one) is type(other) is type(algorithm)
    assert one is not other
    assert one.parameterDefinitions()[0] is not other.parameterDefinitions()[0]


@each_algorithm
def test_it_can_be_written_as_a_command(algorithm):
    context = QgsProcessingContext()
    parameters = {definition.name(): "x.gpkg" for definition in algorithm.parameterDefinitions()}
    command, fits = algorithm.asQgisProcessCommand(parameters, context)
    assert fits
    assert command.startswith(f"qgis_process run {algorithm.id()}")
    assert algorithm.asPythonCommand(parameters, context).startswith("processing.run(")
    assert QgsProcessingUtils.tempFolder()
