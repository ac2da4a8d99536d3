"""The objectives of the demo's strategy, under the four pillars, in our own words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObjectiveText:
    """One objective; a code of one figure is a pillar itself."""

    code: str
    short_title: str
    title: str
    description: str

    @property
    def pillar(self) -> int:
        return int(self.code[0])


PILLAR_ROOTS = (
    ObjectiveText(
        "1",
        "Prevention",
        "Fewer people are trafficked",
        "Everything that keeps people from being recruited, sold or forced, before it happens.",
    ),
    ObjectiveText(
        "2",
        "Protection",
        "Survivors are safe, heard and free to rebuild their lives",
        "Everything that people who were trafficked need, from the first contact to a life of their own.",
    ),
    ObjectiveText(
        "3",
        "Prosecution",
        "Traffickers are held to account",
        "Laws, police, prosecutors and courts that find traffickers and do not harm those who testify.",
    ),
    ObjectiveText(
        "4",
        "Partnership",
        "Everybody works from one plan",
        "Coordination, shared knowledge and cooperation across borders.",
    ),
)

OBJECTIVES = (
    ObjectiveText(
        "1.1",
        "Public awareness",
        "People know how traffickers recruit",
        "Campaigns in print, radio, television and film, and outreach to people who may be approached.",
    ),
    ObjectiveText(
        "1.2",
        "Schools and young people",
        "Schools and young people can spot and refuse a trap",
        "Lessons, teachers, clubs and peer work; keeping children in school.",
    ),
    ObjectiveText(
        "1.3",
        "Livelihoods",
        "Families can earn a living without taking a dangerous offer",
        "Job skills, vocational training, credit and other ways to earn for people at risk.",
    ),
    ObjectiveText(
        "1.4",
        "Child and forced labour",
        "No child and no worker is forced to work",
        "Getting children out of the worst forms of child labour, and fair treatment of workers and migrants.",
    ),
    ObjectiveText(
        "1.5",
        "Demand",
        "Fewer people buy what traffickers sell",
        "Work with travellers, clients, soldiers and industries whose demand drives trafficking.",
    ),
    ObjectiveText(
        "2.1",
        "Shelter and care",
        "Every survivor can reach a safe shelter and care",
        "Shelters and safe houses, medical and psychological care, crisis centres.",
    ),
    ObjectiveText(
        "2.2",
        "Return and reintegration",
        "Survivors return safely and find their place again",
        "Voluntary return, family tracing, repatriation, reintegration and rehabilitation.",
    ),
    ObjectiveText(
        "2.3",
        "Identification and referral",
        "People who were trafficked are identified and referred",
        "Hotlines, first contact, screening, referral systems and rescue.",
    ),
    ObjectiveText(
        "2.4",
        "Legal aid",
        "Survivors have a lawyer and their rights",
        "Legal advice and representation, protection of witnesses, the right to stay.",
    ),
    ObjectiveText(
        "3.1",
        "Police and investigation",
        "Police investigate trafficking in every district",
        "Special units, training, equipment and methods of investigation.",
    ),
    ObjectiveText(
        "3.2",
        "Prosecutors and courts",
        "Prosecutors and judges bring cases to a fair end",
        "Training and advice for prosecutors, judges and court staff.",
    ),
    ObjectiveText(
        "3.3",
        "Laws",
        "The law forbids every form of trafficking",
        "Drafting, reviewing and explaining legislation, and carrying it out.",
    ),
    ObjectiveText(
        "3.4",
        "Borders",
        "Border and immigration officers stop traffickers",
        "Training and equipment for border, customs, immigration and consular officers.",
    ),
    ObjectiveText(
        "4.1",
        "Coordination",
        "Governments and organisations follow one plan",
        "National plans, task forces, networks of organisations and their skills.",
    ),
    ObjectiveText(
        "4.2",
        "Research and data",
        "Decisions rest on shared research and data",
        "Studies, surveys, databases and the exchange of good practice.",
    ),
    ObjectiveText(
        "4.3",
        "Across borders",
        "Countries of origin, transit and destination work together",
        "Agreements, joint work and exchanges between countries.",
    ),
)
RESEARCH = "4.2"  # where money lies that the source codes as research
