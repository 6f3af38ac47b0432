"""What the name of a column gives away.

In: a column's name as people and survey programs write it. Out: the role that it hints at, and the
short names under which a column goes on: a question's reference, an attribute's name.
"""

from __future__ import annotations

import re
from collections.abc import Container


def words(text: str) -> frozenset[str]:
    """Give the words of a text as a set."""
    return frozenset(text.split())


ID_NAMES = words(
    "id ref uid uuid pid case caseid response responseid respondent respondentid participant "
    "participantid record recordid submission submissionid recordno respondentref participantref "
    "responseref reference respondentno participantno responseno uniqueid instanceid uniqueresponse"
    "number responsenumber respondentnumber participantnumber serial personid token respid respno "
    "participantcode respondentcode familyid familyref parentid youngpersonid studyid "
    "idno idnumber surveyid uniqueref partid"
)
STRONG_ID_NAMES = words(
    "respondentid participantid respondentref participantref respondent participant "
    "responseid respondentno participantno respondentnumber participantnumber respid respno "
    "participantcode respondentcode"
)
SUBMITTED_WORDS = words(
    "submitted submission timestamp completed completion recorded recordeddate enddate finished "
    "datestamp submitdate submissiontime endtime"
)
ASKED_FOR = (
    r"(please |what is |what s |whats |give |enter |tell us |provide |leave |write |type |us )*"
)
OF_WHOM = (
    r"(your |the |respondent'?s? |participant'?s? |parent'?s? |child'?s? |recipient |contact )*"
)
IDENTIFYING_NAMES = re.compile(
    rf"{ASKED_FOR}{OF_WHOM}"
    r"((full |first |last |middle |family |given |sur|fore|user ?|nick|recipient ?first ?"
    r"|recipient ?last ?)?names?( of child| of parent)?"
    r"|(first|full) name and (last|sur) ?name"
    r"|e ?mail( address)?|email address.*|recipient ?email"
    r"|contact (number|no|details)"
    r"|(home |postal |street |ip ?)?address( line)? ?\d?|ip ?address|post ?code|full post ?code"
    r"|(date of birth|birth ?date|dob|birthday)|nhs (number|no)|national insurance.*)"
    r"( optional)?"
    r"|.*\b(phone|telephone|mobile)( number| no)?"
    r"|.*\b(latitude|longitude|altitude|geopoint|geolocation)( precision)?"
    r"|gps (location|coordinates)|lat|lng|lon"
    r"|(instagram|twitter|facebook|tiktok|snapchat|whatsapp)( handle| name| account| profile)?"
    r"|social media.*"
)
CONTACT_WORDS = words("email mail phone telephone mobile contact whatsapp")
ATTRIBUTE_WORDS = words(
    "age gender sex ethnic ethnicity region area borough council county country language religion "
    "faith role type group band status income education disability sexuality orientation "
    "nationality sector organisation profession service services job title wave site cohort"
)
OPINION_WORDS = words(
    "would should could change changed help helped improve improved better difficult hard happened "
    "missing experience experienced feel felt think"
)
QUESTION_NAME = re.compile(r"q(uestion)?[ _.]?\d+[a-z]?(\b|_).*", re.I)
QUESTION_WORDS = re.compile(
    r"(please |can you |could you )?(what|why|how|tell us|describe|explain|share|in your own words|"
    r"is there anything|anything else|do you have any|comments?\b|feedback\b|suggestions?\b)",
    re.I,
)
LEADING_NUMBER = re.compile(
    r"\(?(?:q(?:uestion)?[ _.]?)?(\d{1,3}(?:\.?[a-z](?![^\W_]))?)[).:_ -]", re.I
)
MAX_SHORT_NAME = 40


def words_of(column: str) -> list[str]:
    """Return the words of a name, in lower case: `RecipientEmail`, `age_band` have two each."""
    parted = re.sub(r"([a-z])([A-Z])", r"\1 \2", column)
    return re.findall(r"[^\W_]+", parted.casefold())


def joined(column: str) -> str:
    """Return a name without what parts its words."""
    return "".join(words_of(column))


def hints_id(column: str) -> bool:
    """Tell whether a name is one that identifiers of people or records have."""
    return joined(column) in ID_NAMES


def hints_respondent_id(column: str) -> bool:
    """Tell whether a name says that it identifies respondents."""
    return joined(column) in STRONG_ID_NAMES


def hints_submitted(column: str) -> bool:
    """Tell whether a name speaks of handing in."""
    return joined(column) in SUBMITTED_WORDS or bool(SUBMITTED_WORDS & set(words_of(column)))


def hints_identifying(column: str) -> bool:
    """Tell whether a name says that its values name or reach a person."""
    plain = " ".join(words_of(column))
    return IDENTIFYING_NAMES.fullmatch(plain) is not None


def hints_birth(column: str) -> bool:
    """Tell whether a name speaks of somebody's birth."""
    return bool({"born", "birth", "birthdate", "birthday", "dob"} & set(words_of(column)))


def hints_contact(column: str) -> bool:
    """Tell whether a name speaks of ways to reach a person."""
    return bool(CONTACT_WORDS & set(words_of(column)))


def hints_attribute(column: str) -> bool:
    """Tell whether a name is that of a common attribute. Long names are questions."""
    words = words_of(column)
    return len(words) <= 5 and bool(ATTRIBUTE_WORDS & set(words))


def hints_question(column: str) -> bool:
    """Tell whether a name is a question or numbers one."""
    is_asked = column.rstrip().endswith("?") or len(column.split()) >= 6
    return (
        is_asked
        or QUESTION_NAME.fullmatch(column.strip()) is not None
        or QUESTION_WORDS.match(column.strip()) is not None
    )


def hints_opinion(column: str) -> bool:
    """Tell whether a name asks what somebody thinks, and not what they are.

    Examples
    --------
    >>> hints_opinion("What would help?"), hints_opinion("Which ethnic group are you in?")
    (True, False)
    """
    words = set(words_of(column))
    return bool(OPINION_WORDS & words) and not ATTRIBUTE_WORDS & words


def short_name(column: str, taken: Container[str] = (), prefix: str = "") -> str:
    """Return a short name that is not taken: the column's own if it is short, else made of it.

    Examples
    --------
    >>> short_name("age_band"), short_name("3. What would you change?", prefix="q")
    ('age_band', 'q3')
    """
    name = column
    number = LEADING_NUMBER.match(column)
    if not re.fullmatch(r"\w{1,40}", column):
        if prefix and number:
            name = f"{prefix}{number[1].lower().replace('.', '')}"
        else:
            name = "_".join(words_of(column))[:MAX_SHORT_NAME].strip("_") or prefix or "column"
    at, free = 2, name
    while free in taken:
        free, at = f"{name}_{at}", at + 1
    return free


def label_of(column: str) -> str:
    """Return a name for people: `age_band` gives "Age band"; what is prose already stays."""
    if not re.fullmatch(r"\w+", column):
        return column
    parts = column.replace("_", " ").strip()
    return parts[:1].upper() + parts[1:]


def leading_part(column: str) -> str:
    """Return what numbers a question in a name: `q2_voice_note` and `q2_people` share "q2"."""
    number = LEADING_NUMBER.match(column + " ")
    if number:
        return f"q{number[1].lower().replace('.', '')}"
    return next(iter(words_of(column)), "")


def is_numbered(column: str) -> bool:
    """Tell whether a name begins with the number of a question, as in `Q6_Name`."""
    return LEADING_NUMBER.match(column + " ") is not None


RECORDING_WORDS = words("audio voice recording recorded record spoken speech")
SPOKEN_WORDS = RECORDING_WORDS | words("note notes sound file text typed written")
OTHER_NAME = re.compile(
    r"(.* )?others?( please)?( specify| say| state| describe| tell us| give details| text"
    r"| which| what| here| in your own words)*"
)


def hints_recording(column: str) -> bool:
    """Tell whether a name asks for a recording."""
    return bool(RECORDING_WORDS & set(words_of(column.replace("_", " "))))


def hints_upload(column: str) -> bool:
    """Tell whether a name asks for a file."""
    return bool(words("upload uploaded file files attach attachment photo") & set(words_of(column)))


def hints_other(column: str) -> bool:
    """Tell whether a name is that of the words beside an option.

    Examples
    --------
    >>> hints_other("services_other"), hints_other("3.a. Other"), hints_other("Any other ideas?")
    (True, True, False)
    """
    return OTHER_NAME.fullmatch(" ".join(words_of(column.replace("_", " ")))) is not None


def spoken_stem(column: str) -> str:
    """Return what a column of voice notes shares with the question that it answers.

    Examples
    --------
    >>> spoken_stem("exp/experience_audio") == spoken_stem("exp/experience")
    True
    >>> spoken_stem("q1_audio") == spoken_stem("q1_text")
    True
    """
    last = re.split(r"[/.]", column)[-1]
    return " ".join(word for word in words_of(last.replace("_", " ")) if word not in SPOKEN_WORDS)
