"""Names of organisations: one for the many ways the sources write it, and none where a cell names nobody."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

GOVERNMENT = "United States Government"


@dataclass(frozen=True, slots=True)
class Name:
    """An organisation's name and, where it is known by one, its short name."""

    name: str
    short_name: str = ""


# Full name | short name | other spellings (folded when compared). Only spellings that are the same body beyond doubt.
KNOWN = """
International Organization for Migration|IOM|IOM: Geneva HQ;IOM - Global Victim Database;IOM Mission in Ukraine;International Organization for Migration (IOM);IOM - ILEA;IOM - ILEA Training;IOM for ILEA;IO M
International Labour Organization|ILO|International Labor Organization;International Labor Organization (ILO)
ILO International Programme on the Elimination of Child Labour|ILO-IPEC|ILO/IPEC;ILO, IPEC;ILO IPEC;ILO - International Program on the Elimination of Child Labor;ILO, International Program on the Elimination of Child Labor;ILO/IPEC office
United Nations Children's Fund|UNICEF|UNICEF
United Nations Office on Drugs and Crime|UNODC|United Nations Office on Drugs and Crime (UNODC);UNODCCP;UNODCCP/CICP;UNODCCP/Crime Center;United Nations Office of Drug Control and Crime Prevention/Crime Center
United Nations Development Programme|UNDP|UNDP
United Nations Development Fund for Women|UNIFEM|UNIFEM
United Nations Inter-Agency Project on Human Trafficking|UNIAP|United Nations Inter-Agency Project on Human Trafficking (UNIAP);UNIAP
Office of the United Nations High Commissioner for Human Rights|OHCHR|U.N. Office of the High Commissioner for Human Rights (OHCHR);OHCHR
United Nations|UN|UN
Organization for Security and Co-operation in Europe|OSCE|Organization for Security and Co-operation in Europe (OSCE);Organization for Security and Cooperation in Europe (OSCE);OSCE
Organization of American States|OAS|Organization of the American States (OAS);OAS
International Centre for Migration Policy Development|ICMPD|International Center for Migration Policy Development;International Centre for Migration Policy Development (ICMPD);ICMPD
Economic Community of West African States|ECOWAS|Economic Community of West African States (ECOWAS);ECOWAS Secretariat, Abuja;ECOWAS
The Asia Foundation|TAF|TAF;The Asia Foundation (TAF);Asia Foundation
Academy for Educational Development|AED|Academy for Educational Development (AED);AED;Academy for Educational Development (Casa de la Mujer);Academy for Educational Development (AED) (Casa de la Mujer)
American Center for International Labor Solidarity|Solidarity Center|ACILS;American Center for International Labor Solidarity (ACILS);American Center for International Labor Solidarity (Solidarity Center);Solidarity Center;Solidarity of Sri Lanka (ACILS)
American Bar Association|ABA|ABA;American Bar Association (ABA);American Bar Association Fun for Justice;American Bar Association Fund for Justice;American Bar Association Fund for Justice and Education;American Bar Association Fund for Justice and Education (ABA)
American Bar Association Central European and Eurasian Law Initiative|ABA/CEELI|ABA-CEELI;ABA CEELI;American Bar Association/CEELI;American Bar Association/Central European and Eurasian Initiative
American Bar Association Africa|ABA Africa|American Bar Association/Africa (ABA/A), Fund for Justice and Education
Catholic Relief Services|CRS|Catholic Relief Service;Catholic Relief Services (CRS;Catholic Relief Services (CRS);CRS
United States Conference of Catholic Bishops|USCCB|US Conference of Catholic Bishops;U.S. Conference of Catholic;U.S. Conference of Catholic Bishops, Inc. - Mid-Atlantic;U.S. Conference of Catholic Bishops, Inc. - Oregon;USCCB Migration and Refugee Services;Migration and Refugee Services/USCCB
International Catholic Migration Commission|ICMC|International Catholic Migration Commission (ICMC);ICMC
International Rescue Committee|IRC|International Rescue Committee (IRC);International Rescue Committee (Arizona);International Rescue Committee (Florida);International Rescue Committee (Miami);International Rescue Committee (Washington);International Rescue Committe (Seattle);IRC-Seattle;IRC
International Justice Mission|IJM|IJM;International Justice Mission (IJM);International Justive Mission (IJM)
International Research and Exchanges Board|IREX|International Research and Exchanges Board (IREX);International Research and Exchanges Board (IREB);International Research & Exchanges Board (Washington, DC);IREX;IREX;
International Organization for Adolescents|IOFA|International Organization for Adolescents (IOFA);IOFA
International Business Leaders Forum|IBLF|International Business Leaders Forum (IBLF)
International Association of Women Judges|IAWJ|International Association for Women Judges
International Partnership for Human Development|IPHD|International Partner for Human Development (IPHD);International Partnership for Human Development (IPHD)
International Finance Corporation|IFC|International Finance Corporation/World Bank;World Bank/IFC
Save the Children||Save the Children Federation
Save the Children USA||Save the Children Federation, USA
Save the Children UK||Save the Children - UK;Save the Children/UK
Save the Children Australia||Save the Children - Australia
Coalition Against Trafficking in Women|CATW|Coalition Against Trafficking in Women (CAT-W);CATW
Coalition Against Trafficking in Women – Asia Pacific|CATW-AP|Coalition Against Trafficking in Women-Asia Pacific;Coalition Against Trafficking in Women – Asia Pacific (CATW-AP)
Coalition to Abolish Slavery and Trafficking|CAST|Coalition to Abolish Slavery & Trafficking
Free the Slaves||Free the Slaves (FTS);Anti-Slavery International, d/b/a Free the Slaves
Polaris Project||The Polaris Project
The Protection Project||Protection Project;Johns Hopkins University, The Protection Project;John Hopkins University - The Protection Project;Johns Hopkins University and the Protection Project
Johns Hopkins University||The Johns Hopkins University (School for Advanced International Studies);Johns Hopkins University, School for Advanced International Studies (SAIS)
Georgetown University||Georgetown;Georgtown University
Northeastern University||Northeastern
Winrock International||Winrock;WINROCK International
Chemonics International||Chemonics;Chemonics International, Inc;Chemonics International, Inc.
Creative Associates||
Management Systems International|MSI|MSI;Management Systems International (MSI);Management Systems Internationa;Management Systems International (Checchi)
Development Alternatives, Inc.|DAI|Development Alternatives, Inc. (DAI);Development Alternatives Inc. (DAI);DAI
Casals and Associates||Casals
Caliber Associates||Caliber Associates, an ICF International Company
Macro International||ORC-Macro;IFC Macro
Warnath Group||The Warnath Group;Warnath Group, LLC
Practical Strategies||Practical Strategies, Inc
Research Triangle Institute|RTI|
National Opinion Research Center|NORC|
Nexus Institute||NEXUS Institute
Abt Associates||Abt Associates, Inc.
Ketchum||Ketchum PR
Verité||Verite;Vierte;Verit�
Vital Voices||Vital Voices Global Partnership
Meridian International Center||Meridian
World Hope International|WHI|World Hope International (WHI);World Hope
World Vision||World Vision International
World Learning||World Learning/ChildNet Program;World Learning/RASP Program
Delphi International Program of World Learning||
World Relief Corporation||World Relief Corporation of National Association of Evangelicals;World Relief Corportation
Heartland Alliance for Human Needs and Human Rights|Heartland Alliance|Heartland Alliance for Human Needs & Human Rights;Heartland Alliance
Hagar||HAGAR
Hagar USA||Hagar USA, Inc.
Population Media Center||Population Media Ceter
Salvation Army||The Salvation Army
SAGE Project|SAGE|SAGE;Sage Project;SAGE (Standing Against Global Exploitation);Standing Against Global Exploitation, Inc (SAGE)
Tapestri||Tapestri Inc
Mosaic Family Services||Mosaic Family Services, Inc.;Mosaic Family Services (formerly East Dallas Counseling Center)
Boat People SOS||Boat People S.O.S., Inc.
Ayuda||
Texas RioGrande Legal Aid|TRLA|Texas Rio Grande Legal Aid;Texas Rio Grande Legal Aid, Inc. (TRLA);Texas RioGrande Legal Aid (TRLA)
Catholic Charities Archdiocese of San Antonio||Catholic Charities of Archdiocese of San Antonio
Girls Educational and Mentoring Services|GEMS|Girls Education and Mentoring Services;Girls Educational & Mentoring Services
International Institute of Connecticut||International Institute of Connecticit, Inc.
Positive Options, Referrals and Alternatives||Positive Option, referrals & Alternatives
National District Attorneys Association||National District Attorney's Association
OVC Training and Technical Assistance Center||Office for Victims of Crime Training and Technical Assistance Center (OVC TTAC)
Upper Midwest Community Policing Institute||Upper Midwest Community Policing Institute - MN;Upper Midwestern Community
ECPAT-USA||ECPACT-USA;ECPAT-USA, Inc.;ECPAT/USA;End Child Prostitution, Pornography and Trafficking (ECPAT)-USA
ECPAT International|ECPAT|ECPAT
Education Development Center|EDC|Education Development Center (dot-ORG)
Pan American Development Foundation|PADF|Pan-American Development Foundation (PADF)
Fundación Institucionalidad y Justicia|FINJUS|Fundacion Institucionalidad y Justicia (FINJUS);Foundation for Institutionality and Justice
Centro de Estudios e Investigación en Desarrollo y Asistencia Social|CEIDAS|CEIDAS;Center for Studies and Research in Social Development and Assistance (CEIDAS);Centro de Estudios e Investigacion en Desarrollo y Asistencia Social (CEIDAS)
Capital Humano y Social Alternativo|CHS|Capital Humano y Social Alternativo (CHS);Capital Humana y Social;Human and Social Capital
Casa Alianza||Covenant House (asociacion Casa Alianza)
Acción por los Niños||Accion por los Ninos;Accion los Ninos
Fundación Rahab||Fundacion Rahab;Rahab Foundation
Casa del Migrante Scalabrini||Casa del Migrante Scalabrini, A.C.
MiraMed Institute||MiraMed;Miramed;Miramed Institute
Georgian Young Lawyers' Association|GYLA|Georgia Young Lawyers Association (GLA);GYLA Georgian Young Lawyers' Association
All for Fair Trials Coalition||Coalition All for Fair Trials
Center to Protect Victims and Prevent Trafficking in Human Beings|PVPT|Center to Protect Victims and Prevent Trafficking in Human Beings (PVPT)
MTV EXIT Foundation||MTV Exit Foundation
Molo Songololo||Molo Songolo
Visayan Forum Foundation|VFF|Visayan Forum Foundation (VFF)
New Life Center Foundation|NLCF|New Life Center Foundation (NLCF);New Life Center
Blue Dragon Children's Foundation||Blue Dragon Children�s Foundation
Coordination Center for Protection of Child Rights|CCPCR|The Coordination Center for Protection of Child Rights (CCPCR)
Hotline Foundation||Hotline Center Foundation (HCF) and Police Emergency 191;Hotline Center Foundation
Women's Center Trebinje||Women's Centre Trebinje;Women's Center, Trenenje
Civil Initiative for Equal Opportunities SEMPER Bitola|SEMPER|Civil Initiative for Equal Opportunities "SEMPER" Bitola;SEMPER Bitola, (Civil Initiative for Equal Opportunities)
Zhinocha Hromada||
Impulse NGO Network||Impulse NGO Network (Shillong, Meghalaya State);Impulse NGO (Meghalaya)
Apne Aap Women Worldwide||Apne Aap
Daywalka Foundation||Daywalka Foundation (Kathmandu)
Prayas||Prayas (New Delhi, Gujarat, Bihar);Prayas (New Delhi)
Sanlaap||Sanlaap (Calcutta);Sanlaap (Rural West Bengal)
Prerana||Prerana (Mumbai)
Southeast European Cooperative Initiative|SECI|Southeast European Cooperative Initiative (SECI): Center to Combat Transnational Crime;Southeast European Cooperative Initiative (SECI): Human Trafficking Task Force;Southeastern European Cooperative Initiative (SECI) Center to Combat Transnational Crime
GUUAM Virtual Law Enforcement Center||GUUAM Law Enforcement Center
United States Agency for International Development|USAID|USAID mission;USAID/ECA
U.S. Department of Justice, International Criminal Investigative Training Assistance Program|DOJ/ICITAP|DOJ/ICITAP;USDOJ/ICITAP;ICITAP;ICTAP;US Department of Justice, ICITAP;International Criminal Investigative Training;International Criminal Investigative Training Assistance Program;International Criminal Investigative Training Assistance Program (ICITAP);DOJ, International Criminal Investigation Training and Assistance Program
U.S. Department of Justice, Office of Overseas Prosecutorial Development, Assistance and Training|DOJ/OPDAT|DOJ/OPDAT;USDOJ/OPDAT;OPDAT;DOJ, OPDAT;Dept. of Justice OPDAT;DOJ/Ovreseas Prosecutorial Development Assistance, and Training;USDOJ/OPDAT/RLA Office Bucharest
U.S. Department of Justice|DOJ|DOJ;Interagency Agreement with DOJ;Interagency Agreement (IAA) INL - DOJ;Interagency Agreement (IAA) INL-DOJ;DOJ, Resident Legal Advisor;U.S. Department of Justice, Resident Legal Advisor;Dept. of Justice, ICITAP and OPDAT;U.S. Dept. of Justice/OPDAT/ICITAP;DOJ/ICITAP & OPDAT;DOJ/ICITAP, DOJ/OPDAT;DOJ/ICITAP, OPDAT;DOJ/OPDAT & ICITAP
Federal Bureau of Investigation|FBI|FBI;DOJ, FBI
U.S. embassies||Embassy;Embassy PAS;Embassy Pas;Embassy NAS;Embassy/INL;Embassy/State;Embassy/State/NAS;U.S. Embassy;US Embassy;US Embassies;U.S. Embassy Helsinki;U.S. Embassy Panama City;US Embassy Paramaribo;AmEmbassy Vilnius;Post;Post Astana
U.S. Department of State, Bureau of European and Eurasian Affairs|State/EUR|USDOS/EUR;DOS/EUR/PD;DOS/EUR;Dept. of State EUR;Dept. of State, EUR;Dept. of State EUR (NEI-SEED);Dept. of State, EUR (SEED);USDOS/ EUR
U.S. Department of State, Office to Monitor and Combat Trafficking in Persons|State/G-TIP|USDOS/G/TIP;USDOS/ G/TIP;Dept. of State, G/TIP
U.S. Department of State, Bureau of African Affairs|State/AF|DOS/AF;USDOS/AF;Dept. of State, Bureau of African Affairs
U.S. Department of State, Bureau of East Asian and Pacific Affairs|State/EAP|USDOS/EAP;USDOS/ EAP;Dept. of State, EAP
U.S. Department of State, Bureau of Educational and Cultural Affairs|State/ECA|DOS/ECA;USDOS/ECA;Dept. of State, ECA
U.S. Department of State, Bureau of International Narcotics and Law Enforcement Affairs|State/INL|USDOS/INL;USDOS/INL/AAE;Dept. of State, INL
U.S. Department of State, Bureau of Population, Refugees, and Migration|State/PRM|USDOS/PRM;USDOS/ PRM;Dept. of State, PRM;Department of State, Bureau of Population,
U.S. Department of State, Bureau of South Asian Affairs|State/SA|Dept. of State, SA
U.S. Department of Labor|DOL|USDOL;Department of Labor;Department of Labor (DOL)
U.S. Department of Labor, Bureau of International Labor Affairs|DOL/ILAB|Dept. of Labor/Bureau of International Labor Affairs/International Child Labor Program
USAID, Bureau for Africa|USAID/AFR|
USAID, Bureau for Asia and the Near East|USAID/ANE|USAID/ANE
USAID, Bureau for Europe and Eurasia|USAID/E&E|
USAID, Bureau for Latin America and the Caribbean|USAID/LAC|
USAID, Office of Women in Development|USAID/WID|USAID, Bureau for Economic Growth, Agriculture and Trade, Office of Women in Development;USAID, Bureau for Economic Growth Agriculture and Trade, Office of Women in Development;USAID, Bureau for Economic Growth, Agriculture and Trade, Office of Women in Development (EGAT/WID)
City of Boston||City of Boston, Massachusetts;Boston, MA;Botson, MA
City of Austin||City of Austin, Texas;Austin;Austin, Texas
City of Oakland||City of Oakland, California;Oakland;Oakland, CA
City of Los Angeles||City of Los Angeles, California;Los Angeles;Los Angeles, CA
City of San Jose||City of San jose;City of San Jose, CA;San Jose, CA
City of St. Paul||Saint Paul, MN;St. Paul, MN
City of Indianapolis||Indionapolis, IN
City of Phoenix||City of Phoenix, Arizona;Pheonix, AZ
City of Fort Worth||Fort Worth;Fort Worth, TX
City of Clearwater||Clearwater;Clearwater, FL
City of Homestead||Homestead, FL
City of Milwaukee||Milwaukee, WI
City of Seattle||Seattle;Seattle, WA
City of Las Vegas||Las Vegas
City of Dallas||Dallas
City of St. Louis||St. Louis
City of Salt Lake City||Salt Lake City
City of New York||New York City, NY
Harris County, Texas||Harris County;Harris County, TX
San Diego County, California||San Diego County, CA;County of San Diego
Collier County, Florida||Collier County;Collier Acounty
Lee County, Florida||Lee County, FL
Miami-Dade County, Florida||Miami-Dade County, FL
Nassau County, New York||Nassau County, NY
Suffolk County, New York||County of Suffolk, New York;County of Suffolk, NY;Suffolk County
Multnomah County, Oregon||Multnomah County;Multnomah County, OR
Metropolitan Police Department, Washington, D.C.||Metropolitan Police Department, DC;D.C. Metropolitcan Police Department;Washington D.C., Metropolitan Police Department
Phoenix Police Department||Phoenix Police Department, AZ
Seattle Police Department||Seattle, Washington, Seattle Police Department
Hawaii Department of the Attorney General||Hawaii Attorney General;State of Hawaii, Department of the Attorney General
American Samoa Government||American Somoa
"""  # noqa: E501

# Cells that name no organisation: kept in the record's description, never made into one.
NOBODY = re.compile(
    r"^(?:\W*|na|n/a|not listed|tbd|various.*|public|post|agency:?|see .*|local ngos?|ngos?(?::.*)?|individuals?,?|"
    r"\d+ individuals.*|\d+ international visitors|international visitors?.*|interagency agreement|local translation "
    r"company|federal employees|personal services contracts|speaker program|transferred funds to .*|"
    r"congressional earmark .*|croatia|asia|hawaii|serb-mont|new jersey|io|embassies|lithuanian and u\.s\. initiatives|"
    r"\d+ programe evaluations.*|full?bright .*|humphrey fellow.*|subawards pending|n\.a\.|independence|"
    r"(?:nepali )?ngo consortium|faith consortium|sage and dsg)$",
    re.IGNORECASE,
)
PEOPLE = {"Individual", "Academic Fellowship"}  # recipient types under which the file names persons
PERSON = re.compile(r"^(?:mr|mrs|ms|dr)\.? |, phd\b|assistant district attorney|;? associate professor|ginsburg", re.IGNORECASE)
THROUGH = re.compile(r"^(?P<doer>.+)\s+through\s+(?:the\s+)?(?P<passing>.+?)\.?$", re.IGNORECASE)
AMOUNT = re.compile(r",?\s*\$[\d,]+\s*$")
SEVERAL = re.compile(r"\s*(?:;|:|,| and | & |/)\s*")
SUBPARTNERS = re.compile(r"^(?:prime:\s*)?(?P<first>[^;:]+?)\s*[;:].*$", re.IGNORECASE)
GOVERNMENT_WITH = re.compile(r"^(?P<government>Government of [\w ]+?)\s*(?:–|�|/)\s*(?P<doer>.+)$")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a cell names: who does the work, and who passes the money on, when it says "through" somebody."""

    doer: Name | None
    passing: Name | None = None
    others: tuple[Name, ...] = ()

    @property
    def paid(self) -> Name | None:
        """Who gets the money from the funder."""
        return self.passing or self.doer


def read_recipient(cell: str, recipient_type: str = "") -> Recipient:
    """The organisations a recipient cell names, by their one name each.

    Where a cell lists several, the first is the recipient and those we know stand in `others`. Persons are
    never named: fellows, visitors and experts give no organisation.
    """
    cell = AMOUNT.sub("", cell.replace("“", '"').replace("”", '"').replace("’", "'")).strip(" ,")
    if recipient_type in PEOPLE or NOBODY.match(cell) or PERSON.search(cell):
        return Recipient(None)
    if known := _known(cell):
        return Recipient(known)
    if match := THROUGH.match(cell):
        inner = read_recipient(match["doer"])
        return Recipient(inner.doer, _known(match["passing"]) or Name(match["passing"]), inner.others)
    if match := GOVERNMENT_WITH.match(cell):
        return Recipient(named(match["government"]), None, (named(match["doer"]),))
    parts = [part for part in SEVERAL.split(cell) if part]
    if len(parts) > 1:
        first, *rest = (_known(part) for part in parts)
        if first:
            others = tuple(dict.fromkeys(name for name in rest if name and name != first))
            return Recipient(first, None, others)
    if match := SUBPARTNERS.match(cell):
        return Recipient(named(match["first"]))
    return Recipient(named(cell))


def read_agency(cell: str) -> Name:
    """The United States agency that a project list names; the government as a whole where it names none."""
    return _known(cell) or Name(GOVERNMENT)


def named(label: str) -> Name:
    """The one name of a label that means one organisation."""
    label = " ".join(label.replace("�", "'").split()).strip(" ,'")
    return _known(label) or Name(label[:255])


def similarity(one: str, other: str) -> float:
    """How alike two recipient cells are, 0 to 1: shared words over the words of the shorter one, after naming."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def fold_name(name: str) -> str:
    """Letters and figures in lower case with single blanks, without accents, signs or the source's lost bytes."""
    letters = (c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", "".join(letters).lower()).split())


FILLERS = {"the", "of", "and", "for", "in", "a", "de", "y", "inc", "through", "with"}


def _words(cell: str) -> set[str]:
    recipient = read_recipient(cell)
    names = [name for name in (recipient.doer, recipient.passing, *recipient.others) if name]
    text = " ".join([cell, *(f"{name.name} {name.short_name}" for name in names)])
    return set(fold_name(text).split()) - FILLERS


@cache
def _spellings() -> dict[str, Name]:
    spellings = {}
    for line in KNOWN.strip().splitlines():
        full, short, others = line.split("|", 2)
        name = Name(full, short)
        for spelling in (full, short, *others.split(";")):
            if spelling.strip():
                spellings.setdefault(fold_name(spelling), name)
    return spellings


def _known(label: str) -> Name | None:
    folded = fold_name(label)
    return _spellings().get(folded) or _spellings().get(folded.removeprefix("the "))
