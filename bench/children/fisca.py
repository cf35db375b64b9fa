"""The same question asked of OpenFisca, which answers for many at once: see engines.py."""

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

OF_CLAIM = ("validated", "completed", "submitted", "valid", "credits")
OF_CERTIFICATION = ("today", "start", "end", "level")
PERIOD = "2023"

claim = build_entity("claim", "claims", "", is_person=True)
certification = build_entity(
    "certification", "certifications", "", roles=[{"key": "holds", "plural": "holds", "label": ""}]
)


def variable(name, entity, formula=None):
    attributes = {"value_type": int, "entity": entity, "definition_period": DateUnit.YEAR, "label": name}
    return type(name, (Variable,), {**attributes, **({"formula": formula} if formula else {})})


def counting(claims, period):
    about = {name: claims(name, period) for name in OF_CLAIM}
    start, end, today = (claims.certification(name, period) for name in ("start", "end", "today"))
    completed = about["completed"]
    counts = (about["validated"] == 1) & (completed > start) & (completed <= end) & (about["submitted"] <= end)
    return about["credits"] * (counts & (about["valid"] >= today))


def decisions(levels, options, kinds):
    """What answers for the certifications of many holders; options: by level, each as a dict of least numbers by part."""

    def met(certifications, period):
        found = {"credits": certifications.sum(certifications.members("counting", period))}
        found |= {kind: certifications(kind, period) for kind in kinds}
        level = certifications("level", period)
        answer = numpy.zeros(certifications.count, dtype=bool)
        for number, name in enumerate(levels):
            for option in options[name]:
                reached = [sum(found[kind] for kind in of_part) >= least for of_part, least in option]
                answer |= (level == number) & numpy.logical_and.reduce(reached)
        return answer

    system = TaxBenefitSystem([claim, certification])
    for name in OF_CLAIM:
        system.add_variable(variable(name, claim))
    for name in (*OF_CERTIFICATION, *kinds):
        system.add_variable(variable(name, certification))
    system.add_variable(variable("counting", claim, counting))
    system.add_variable(variable("met", certification, met))

    def decide(certifications):
        """certifications: as `as_numbers` gives them, any number of them."""
        builder = SimulationBuilder()
        builder.create_entities(system)
        owners = [number for number, one in enumerate(certifications) for _ in one["claims"]]
        builder.declare_person_entity("claim", range(len(owners)))
        group = builder.declare_entity("certification", range(len(certifications)))
        builder.join_with_persons(group, owners, ["holds"] * len(owners))
        simulation = builder.build(system)
        for name in OF_CLAIM:
            values = [int(about[name]) for one in certifications for about in one["claims"]]
            simulation.set_input(name, PERIOD, numpy.array(values))
        for name in OF_CERTIFICATION:
            values = [levels.index(one[name]) if name == "level" else one[name] for one in certifications]
            simulation.set_input(name, PERIOD, numpy.array(values))
        for kind in kinds:
            values = [
                sum(exam["kind"] == kind and one["start"] < exam["passed"] <= one["end"] for exam in one["exams"])
                for one in certifications
            ]
            simulation.set_input(kind, PERIOD, numpy.array(values))
        return [bool(answer) for answer in simulation.calculate("met", PERIOD)]

    return decide
