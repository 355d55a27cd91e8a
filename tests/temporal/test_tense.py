"""A bare weekday, month or day lies where its own verb says, whatever the rest of the text tells."""

from datetime import date

import pytest

from timeline import extract

DCT = date(2025, 2, 18)  # a Tuesday

SENTENCES = [
    ("The hearing is on Thursday.", "Thursday", "2025-02-20"),
    (
        "I saw the logbook yesterday. The ship left on 3 February and came back. The hearing is on Thursday.",
        "Thursday",
        "2025-02-20",
    ),
    ("He was arrested. Police searched his home and found weapons. The trial opens on Monday.", "Monday", "2025-02-24"),
    ("He was arrested. Police searched his home. He is due in court on Friday.", "Friday", "2025-02-21"),
    ("He was arrested and charged. He appears before a judge Wednesday.", "Wednesday", "2025-02-19"),
    ("She was killed in the blast. The funeral takes place on Saturday.", "Saturday", "2025-02-22"),
    ("The parliament rejected the bill. The next vote is scheduled for Thursday.", "Thursday", "2025-02-20"),
    ("The minister, who resigned on Friday, is in hospital.", "Friday", "2025-02-14"),
    ("The army has controlled the town since Sunday.", "Sunday", "2025-02-16"),
    ("Residents have been without power since Friday.", "Friday", "2025-02-14"),
    ("Can we meet on Friday?", "Friday", "2025-02-21"),
    ("Please send the report by Monday.", "Monday", "2025-02-24"),
    ("Deadline: Friday.", "Friday", "2025-02-21"),
    ("The exhibition runs until Sunday.", "Sunday", "2025-02-23"),
    ("The exhibition opened on Sunday.", "Sunday", "2025-02-16"),
    ("Talks resume on Wednesday in Geneva after negotiators failed to agree on Monday.", "Wednesday", "2025-02-19"),
    ("Talks resume on Wednesday in Geneva after negotiators failed to agree on Monday.", "Monday", "2025-02-17"),
    ("The strike, announced on Friday, begins on Monday.", "Monday", "2025-02-24"),
    ("The strike, announced on Friday, begins on Monday.", "Friday", "2025-02-14"),
    ("The vote on Thursday was seen as a test for the government.", "Thursday", "2025-02-13"),
    ("Officials said on Monday that elections would be held on Sunday.", "Sunday", "2025-02-23"),
    ("Officials said on Monday that elections would be held on Sunday.", "Monday", "2025-02-17"),
    ("The plane crashed Saturday near the border, officials say.", "Saturday", "2025-02-15"),
    ("Two people died when a bus overturned on Sunday, according to police.", "Sunday", "2025-02-16"),
    ("He leaves for Paris on Friday.", "Friday", "2025-02-21"),
    ("Shares are up 3% since Friday.", "Friday", "2025-02-14"),
    ("The company reports results on Thursday.", "Thursday", "2025-02-20"),
    ("The company reported results on Thursday.", "Thursday", "2025-02-13"),
    ("The law comes into force in July.", "July", "2025-07"),
    ("The law came into force in July.", "July", "2024-07"),
    ("The law, passed in November, takes effect in March.", "March", "2025-03"),
    ("The law, passed in November, takes effect in March.", "November", "2024-11"),
    ("They married in June.", "June", "2024-06"),
    ("The inquiry is expected to report in May.", "May", "2025-05"),
    ("The deal, expected to close in December, collapsed.", "December", "2024-12"),
    ("Elections are on 14 May.", "14 May", "2025-05-14"),
    ("Elections were on 14 May.", "14 May", "2024-05-14"),
    ("The company has until 3 March to respond.", "3 March", "2025-03-03"),
    ("The ceasefire that took effect on 19 January has held.", "19 January", "2025-01-19"),
    ("The ceasefire expires on 1 March.", "1 March", "2025-03-01"),
    ("The suspect has been in custody since 8 December.", "8 December", "2024-12-08"),
    ("He turns 60 in August.", "August", "2025-08"),
    ("Her visit on Wednesday comes days after the attack.", "Wednesday", "2025-02-19"),
    ("In a letter dated Nov. 3, the ministry warned of delays.", "Nov. 3", "2024-11-03"),
    ("The meeting, originally planned for Monday, has been moved to Thursday.", "Thursday", "2025-02-20"),
    ("The match moved from Thursday to Friday at 10 a.m.", "Thursday", "2025-02-20"),
    ("The match moved from Thursday to Friday at 10 a.m.", "Friday at 10 a.m.", "2025-02-21T10:00"),
    ("The state-owned bank meets its London-based lenders on Thursday.", "Thursday", "2025-02-20"),
    ("Book us a highly rated hotel for 14 January.", "14 January", "2026-01-14"),
    ("Voters re-elected him on Thursday.", "Thursday", "2025-02-13"),
    (
        'The guards were told of it late at night. "They have until noon Sunday," he said.',
        "noon Sunday",
        "2025-02-23T12:00",
    ),
    ("The guards were told. The offer stands until 5 p.m. on Friday.", "5 p.m. on Friday", "2025-02-21T17:00"),
    ("He moved here last year and was never ill. They are getting married in June.", "June", "2025-06"),
    ("They were getting married in June when the war broke out.", "June", "2024-06"),
    ("The jury heard him and left. The trial will resume at 10 a.m. Friday.", "10 a.m. Friday", "2025-02-21T10:00"),
    ("The hearing began at 9 a.m. Friday before a full court.", "9 a.m. Friday", "2025-02-14T09:00"),
    ("The shop closed and the staff were told. Lee will see Mr. Brown on Monday.", "Monday", "2025-02-24"),
    ("Flights were cancelled on Monday and are not expected to resume before Thursday.", "Thursday", "2025-02-20"),
    ("Flights were cancelled on Monday and are not expected to resume before Thursday.", "Monday", "2025-02-17"),
    ("The court will rule on Friday whether the arrest on Sunday was lawful.", "Sunday", "2025-02-16"),
    ("The court will rule on Friday whether the arrest on Sunday was lawful.", "Friday", "2025-02-21"),
    ("Schools reopen Monday.", "Monday", "2025-02-24"),
    ("Schools reopened Monday.", "Monday", "2025-02-17"),
    ("Rain is forecast for Thursday and Friday.", "Friday", "2025-02-21"),
    ("See you Saturday!", "Saturday", "2025-02-22"),
    ("I'm off on Friday.", "Friday", "2025-02-21"),
    ("are you free thurs or fri?", "fri", "2025-02-21"),
    ("see you sun!", "sun", "2025-02-23"),
    ("Are you free Thursday?", "Thursday", "2025-02-20"),
    ("He hasn't been seen since Thursday.", "Thursday", "2025-02-13"),
    ("Thursday's vote could bring down the government.", "Thursday", "2025-02-20"),
    ("Sunday's attack killed 12 people.", "Sunday", "2025-02-16"),
    ("Wednesday: partly cloudy, high of 8.", "Wednesday", "2025-02-19"),
    ("The jury began deliberating on Friday and will resume on Wednesday.", "Wednesday", "2025-02-19"),
    ("The jury began deliberating on Friday and will resume on Wednesday.", "Friday", "2025-02-14"),
    ("The opposition plans a rally on Saturday.", "Saturday", "2025-02-22"),
    ("A rally is planned for Saturday.", "Saturday", "2025-02-22"),
    ("The rally planned for Saturday was banned.", "Saturday", "2025-02-22"),
    ("The game between the two sides on Saturday ended 2-1.", "Saturday", "2025-02-15"),
    ("The union says it will walk out Friday unless a deal is reached.", "Friday", "2025-02-21"),
    ("Voters go to the polls on Sunday.", "Sunday", "2025-02-23"),
    ("Voters went to the polls on Sunday.", "Sunday", "2025-02-16"),
    ("The pope, hospitalised on Friday, is breathing on his own.", "Friday", "2025-02-14"),
    ("Submissions close on March 1.", "March 1", "2025-03-01"),
    ("The budget was to be presented on Thursday.", "Thursday", "2025-02-20"),
    ("Kickoff is at 8 p.m. Saturday.", "8 p.m. Saturday", "2025-02-22T20:00"),
    ("Police are looking for a man last seen on Friday.", "Friday", "2025-02-14"),
    ("The actress, who turned 40 in December, lives in London.", "December", "2024-12"),
]


@pytest.mark.parametrize(("text", "words", "value"), SENTENCES)
def test_a_bare_day_follows_its_verb(text: str, words: str, value: str) -> None:
    (timex,) = [mention.timex for mention in extract(text, DCT) if words in mention.text]
    assert timex is not None
    assert timex.value == value


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("de", "Seit Sonntag kontrolliert die Armee die Stadt.", "Sonntag"),
        ("fr", "Depuis dimanche, l'armée contrôle la ville.", "dimanche"),
        ("es", "El ejército controla la ciudad desde el domingo.", "domingo"),
        ("pt", "O exército controla a cidade desde domingo.", "domingo"),
        ("nl", "Sinds zondag is de stad in handen van het leger.", "zondag"),
        ("sv", "Sedan söndag är staden utan ström.", "söndag"),
    ],
)
def test_since_a_weekday_is_behind_us_in_every_language(language: str, text: str, words: str) -> None:
    (timex,) = [mention.timex for mention in extract(text, DCT, language) if words in mention.text]
    assert timex is not None
    assert timex.value == "2025-02-16"


def test_a_statement_of_facts_goes_on_from_the_date_just_told() -> None:
    text = (
        "1. The claimant was employed from 1 March 2018 until 14 July 2022.\n"
        "2. On 3 May 2022 she raised a grievance. She returned to work on 13 June.\n"
        "3. The following day she was told that her role was at risk. The appeal was heard on 2 August."
    )
    values = {mention.text: mention.timex.value for mention in extract(text, date(2024, 6, 10)) if mention.timex}
    assert values["13 June"] == "2022-06-13"
    assert values["The following day"] == "2022-06-14"
    assert values["2 August"] == "2022-08-02"


def test_news_does_not_go_on_from_an_old_date_told_in_passing() -> None:
    text = "The mayor resigned on Monday. The hall, built after the fire of 3 May 2019, was closed on 13 January."
    values = {mention.text: mention.timex.value for mention in extract(text, DCT) if mention.timex}
    assert values["13 January"] == "2025-01-13"


@pytest.mark.parametrize(
    ("language", "text", "words", "value"),
    [
        ("es", "Murieron dos personas el domingo.", "domingo", "2025-02-16"),
        ("pt", "Morreram duas pessoas no domingo.", "domingo", "2025-02-16"),
        ("de", "Wie die Stadt am Montag mitteilte, wird der Bau erst im Dezember fertig.", "Montag", "2025-02-17"),
        ("de", "Wie die Polizei am Freitag mitteilte, war der Fahrer betrunken.", "Freitag", "2025-02-14"),
        ("de", "Bei dem Unfall am Sonntag starben zwei Menschen.", "Sonntag", "2025-02-16"),
        ("de", "Am Donnerstag tagt der Ausschuss.", "Donnerstag", "2025-02-20"),
        ("de", "Die Anhörung ist am Donnerstag.", "Donnerstag", "2025-02-20"),
        ("de", "Bitte schicken Sie den Bericht bis Montag.", "Montag", "2025-02-24"),
        ("de", "Treffen wir uns am Freitag?", "Freitag", "2025-02-21"),
        ("de", "Das Gericht verurteilte ihn am Mittwoch zu drei Jahren Haft.", "Mittwoch", "2025-02-12"),
        ("de", "Er soll am Freitag dem Haftrichter vorgeführt werden.", "Freitag", "2025-02-21"),
        ("de", "Die Ausstellung endet am Sonntag.", "Sonntag", "2025-02-23"),
        ("de", "Die Ausstellung eröffnete am Sonntag.", "Sonntag", "2025-02-16"),
        ("de", "Seit Sonntag kontrolliert die Armee die Stadt.", "Sonntag", "2025-02-16"),
        ("de", "Das Gesetz tritt im Juli in Kraft.", "Juli", "2025-07"),
        ("de", "Das Gesetz trat im Juli in Kraft.", "Juli", "2024-07"),
        ("fr", "Le ministre a démissionné vendredi.", "vendredi", "2025-02-14"),
        ("fr", "Le ministre démissionnera vendredi.", "vendredi", "2025-02-21"),
        ("fr", "Le procès s'ouvre lundi à Paris.", "lundi", "2025-02-24"),
        ("fr", "Le procès s'est ouvert lundi à Paris.", "lundi", "2025-02-17"),
        ("fr", "Deux personnes ont été tuées dimanche dans une fusillade, selon la police.", "dimanche", "2025-02-16"),
        ("fr", "La réunion aura lieu jeudi.", "jeudi", "2025-02-20"),
        ("fr", "La loi entre en vigueur en juillet.", "juillet", "2025-07"),
        ("es", "El ministro dimitió el viernes.", "viernes", "2025-02-14"),
        ("es", "El ministro dimitirá el viernes.", "viernes", "2025-02-21"),
        ("es", "El juicio comienza el lunes.", "lunes", "2025-02-24"),
        ("es", "Dos personas murieron el domingo en un tiroteo, según la policía.", "domingo", "2025-02-16"),
        ("es", "Nos vemos el jueves.", "jueves", "2025-02-20"),
        ("es", "La ley entra en vigor en julio.", "julio", "2025-07"),
        ("es", "La ley entró en vigor en julio.", "julio", "2024-07"),
        ("it", "Il ministro si è dimesso venerdì.", "venerdì", "2025-02-14"),
        ("it", "Il processo inizia lunedì.", "lunedì", "2025-02-24"),
        ("it", "Ci vediamo giovedì.", "giovedì", "2025-02-20"),
        ("it", "Due persone sono morte domenica in una sparatoria.", "domenica", "2025-02-16"),
        ("ru", "Министр подал в отставку в пятницу.", "пятницу", "2025-02-14"),
        ("ru", "Министр уйдёт в отставку в пятницу.", "пятницу", "2025-02-21"),
        ("ru", "Суд состоится в четверг.", "четверг", "2025-02-20"),
        ("ru", "Встретимся в четверг.", "четверг", "2025-02-20"),
        ("uk", "Міністр подав у відставку в п'ятницю.", "п'ятницю", "2025-02-14"),
        ("uk", "Засідання відбудеться в четвер.", "четвер", "2025-02-20"),
        ("pl", "Minister podał się do dymisji w piątek.", "piątek", "2025-02-14"),
        ("pl", "Rozprawa odbędzie się w czwartek.", "czwartek", "2025-02-20"),
        ("nl", "De minister trad vrijdag af.", "vrijdag", "2025-02-14"),
        ("nl", "De rechtbank doet maandag uitspraak.", "maandag", "2025-02-24"),
        ("pt", "O ministro renunciou na sexta-feira.", "sexta-feira", "2025-02-14"),
        ("pt", "A audiência será na quinta-feira.", "quinta-feira", "2025-02-20"),
        ("sv", "Ministern avgick i fredags.", "fredags", "2025-02-14"),
        ("sv", "Förhandlingen hålls på torsdag.", "torsdag", "2025-02-20"),
        ("tr", "Bakan cuma günü istifa etti.", "cuma", "2025-02-14"),
        ("tr", "Duruşma perşembe günü yapılacak.", "perşembe", "2025-02-20"),
        ("ar", "استقال الوزير يوم الجمعة.", "الجمعة", "2025-02-14"),
        ("ar", "ستعقد الجلسة يوم الخميس.", "الخميس", "2025-02-20"),
        ("zh", "部长星期五辞职了。", "星期五", "2025-02-14"),
        ("zh", "会议将于星期四举行。", "星期四", "2025-02-20"),
        ("ja", "大臣は金曜日に辞任した。", "金曜日", "2025-02-14"),
        ("ja", "会議は木曜日に開かれる予定だ。", "木曜日", "2025-02-20"),
        ("ko", "장관은 금요일 사임했다.", "금요일", "2025-02-14"),
        ("ko", "회의는 목요일에 열릴 예정이다.", "목요일", "2025-02-20"),
        ("el", "Ο υπουργός παραιτήθηκε την Παρασκευή.", "Παρασκευή", "2025-02-14"),
        ("el", "Η δίκη θα γίνει την Πέμπτη.", "Πέμπτη", "2025-02-20"),
        ("et", "Minister astus reedel tagasi.", "reedel", "2025-02-14"),
        ("et", "Istung toimub neljapäeval.", "neljapäeval", "2025-02-20"),
    ],
)
def test_other_languages_follow_their_verbs_too(language: str, text: str, words: str, value: str) -> None:
    timexes = [mention.timex for mention in extract(text, DCT, language) if words in mention.text]
    assert [timex.value for timex in timexes if timex] == [value]


def test_nothing_goes_on_from_a_day_of_birth() -> None:
    text = "She was born on March 3, 1950, in Leeds. She died on January 10 at her home."
    values = {mention.text: mention.timex.value for mention in extract(text, DCT) if mention.timex}
    assert values["January 10"] == "2025-01-10"


@pytest.mark.parametrize("text", ["He worked there until his last day.", "It was the last day of school."])
def test_a_last_day_is_no_yesterday(text: str) -> None:
    assert extract(text, DCT) == []
