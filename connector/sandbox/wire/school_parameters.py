"""The school's passport (model SchoolParameters): what an invented school can say of itself."""

from __future__ import annotations

from typing import Any

from connector.sandbox.groups import EduGroup
from connector.sandbox.school import FULL_NAME, NAME, School
from connector.sandbox.staffing import DIRECTOR
from connector.sandbox.wire.groups import ACTIVE, membership_status, shown_members

Json = dict[str, Any]
_PRIMARY_LAST, _BASIC_LAST = 4, 9
_UNKNOWN = [
    "specialty",
    "website",
    "schoolPhone",
    "workHours",
    "directorPhone",
    "directorQualification",
    "directorPhoto",
    "licence",
    "accreditation",
    "charter",
    "cooperationName",
    "cooperationWebsite",
    "prescriptions",
    "activeJournalUrl",
    "inn",
    "facadePhoto",
    "cantinaPhoto",
    "gymPhoto",
    "classroomPhoto",
    "physicsroomPhoto",
    "chemicsryroomPhoto",
    "biologyroomPhoto",
    "mathroomPhoto",
    "russianroomPhoto",
    "musicroomPhoto",
    "generalEducationalProgrammsLicense",
    "furtherEducationalProgramsLicense",
    "ownEducationalPrograms",
    "studyPlan",
    "publications",
    "laureatesOfContestsCount",
    "laureatesOfContestsInfo",
]
_FALSE = [
    "hasspecialty",
    "hasAdaptedEducationalPrograms",
    "hasOwnEducationalPrograms",
    "hasDistEduTech",
    "enrollmentIsOpen",
    "hasEducationalPsychologists",
    "hasDefectologists",
    "hasSpeechTherapists",
    "hasSocialWorkers",
    "hasMedicalWorkers",
    "hasCompensatingClasses",
    "hasBarrierFreeEnvironment",
    "hasSwimmingPool",
    "hasMedicalOffice",
    "hasDiningRoom",
    "hasGym",
    "hasAssemblyHall",
    "hasWinterGarden",
    "hasCctv",
    "hasGpd",
    "hasEstheticZone",
    "hasSportArea",
    "hasRecreationArea",
    "hasZonesForTrainingInPreventionOfChildRoadTrafficInjuries",
    "hasAreasOfEconomicPurpose",
]
_ZERO = [
    "designCapacity",
    "vacantPlacesCount",
    "disabledChildrenCount",
    "teachersWithHigherEducationCount",
    "highestСategoryTeachersCount",
    "studentsPerComputer",
    "gymCount",
    "schoolSiteArea",
    "trainingExperimentalPlotArea",
]  # the Cyrillic letter stands so in the platform's own name


def school_parameters_json(school: School) -> Json:
    """Return SchoolParameters: counts of classes and pupils are true, the rest is empty."""
    ident, director = school.ids.school(), school.person(DIRECTOR)
    names = (director.last, director.first, director.middle)
    return {
        "schoolId": ident,
        "schoolId_str": str(ident),
        "municipality": "городской округ Светлореченск",
        "fullName": FULL_NAME,
        "shortName": NAME,
        "status": "Active",
        "foundationYear": 1968,
        "address": ["г. Светлореченск"],
        "email": "school@example.invalid",
        "schoolDaysCount": 5,
        "shiftsCount": 1,
        "eduOrgForm": "Municipal",
        "directorFullName": " ".join(name for name in names if name),
        "educationalLevels": [],
        "primarySchoolEducationalPrograms": [],
        "teachingForeignLanguages": [],
        "teachersCount": sum(1 for member in school.staff if member.department),
        "hobbyGroups": [],
        "learningResults": [],
        **dict.fromkeys(_UNKNOWN),
        **dict.fromkeys(_FALSE, False),
        **dict.fromkeys(_ZERO, 0),
        **_counts(school),
    }


def _counts(school: School) -> Json:
    """Return how many classes and pupils each stage of school has, and all pupils together."""
    stages: dict[str, list[EduGroup]] = {"first": [], "second": [], "third": []}
    for group in school.journal(school.shown_years()[-1]).classes():
        later = "second" if group.grade <= _BASIC_LAST else "third"
        stages["first" if group.grade <= _PRIMARY_LAST else later].append(group)
    counts: Json = {}
    for stage, groups in stages.items():
        counts[f"{stage}StageGroupsCount"] = len(groups)
        counts[f"{stage}StageStudentsCount"] = sum(_present(school, group) for group in groups)
    total = sum(value for name, value in counts.items() if name.endswith("StudentsCount"))
    return counts | {"actualOccupancy": total}


def _present(school: School, group: EduGroup) -> int:
    return sum(membership_status(school, m) == ACTIVE for m in shown_members(school, group))
