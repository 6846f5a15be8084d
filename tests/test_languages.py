import ast
import shutil
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from db.records import Text
from jobs.condense import markers, vocabulary
from jobs.condense.offline import condense
from jobs.condense.sentences import language_of, read
from jobs.condense.speakers import attribute

CODE = Path(vocabulary.__file__).parent
WORDS = CODE / "words"
CODES = sorted(path.stem for path in WORDS.glob("*.toml"))
SECTIONS_OF_CUES = ("speech", "roles", "marks", "kinds")

# What a language may have that English has no use for; `en.toml` explains each.
EXTRAS = {
    ("speech", "after_speaker"),
    ("speech", "closing"),
    ("speech", "about"),
    ("speech", "impersonal"),
    ("names", "case_endings"),
    ("names", "fleeting"),
    ("names", "declined"),
    ("names", "again"),
    ("names", "companies"),
    ("grammar", "head"),
    ("grammar", "genitives"),
    ("grammar", "masculine"),
    ("grammar", "feminine"),
    ("grammar", "reported"),
}

MINI = """
[language]
name = "Vorunese"
function_words = "la de in ke pro si"
[speech]
says = "nunsal dixal nekal"
according = "lau"
that = "ke"
[names]
titles = "ministo prezido eksperto"
roles = "ministo prezido eksperto"
organisations = "firmo"
he = "lo"
[grammar]
articles = "la"
determiners = "la"
prepositions = "in de pro"
linkers = "de"
conjunctions = "ke si"
times = "lundo mayo"
[boilerplate]
lines = ["leg plu"]
[roles]
moves = "nunsal ferm*"
terms = "kost* kren"
answers = "nekal apel*"
denies = "nekal"
onlookers = "eksperto"
third = "eksperto"
[choice]
openers = "sed"
[missing]
offer = "nada"
responses = "nun respondo"
reactions = "nun reago"
one = "{why}, un fonto"
many = "{why}, {n} fonti"
language = "nun lingvo"
"""
MINI_TEXT = """Orla Bent, ministo de Vorun, nunsal lundo ke Vorun ferma la ponte de Sarn in mayo.
La paso kosta 40 kren pro camiono si la ponte resta ferma, dixal Bent.
Juro Kall, prezido de Tarma, nekal la plano. “Tarma apela in mayo si la ponte resta ferma pro Tarma”, dixal Kall.
La firmo Sarn Kargo dixal ke la paso de Kell resta libra.
Leg plu: la ponte de Sarn
Lau eksperto Mira Sonn, la ponte resta sekura pro camiono de Tarma in mayo."""


def tables(code: str) -> dict[str, dict[str, object]]:
    return tomllib.loads((WORDS / f"{code}.toml").read_text("utf-8"))


def keys(code: str) -> set[tuple[str, str]]:
    return {(section, key) for section, table in tables(code).items() for key in table}


def speakers(text: str, language: str) -> list[str | None]:
    words = vocabulary.vocabulary(language)
    assert words
    said = attribute(read(Text("0", "", text), language), words)
    return [statement.speaker.name if statement.speaker else None for statement in said]


def test_the_four_languages_are_there() -> None:
    assert {"en", "uk", "ru", "de"} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_the_lists_of_english(code: str) -> None:
    assert keys("en") - keys(code) == set()
    assert {key for key in keys(code) - keys("en") - EXTRAS if key[0] != "nominative"} == set()


@pytest.mark.parametrize("code", CODES)
def test_every_list_is_in_lower_case_and_every_language_says_what_is_missing(code: str) -> None:
    for section in ("speech", "names", "grammar", "roles", "choice", "marks", "kinds"):
        for key, words in tables(code)[section].items():
            assert not isinstance(words, str) or words == words.lower(), (code, section, key)
    said = tables(code)["missing"]
    assert "{why}" in str(said["one"])
    assert "{why}" in str(said["many"])
    assert "{n}" in str(said["many"])


@pytest.fixture
def vorunese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A folder of words with one language more."""
    shutil.copytree(WORDS, tmp_path / "words")
    (tmp_path / "words" / "vo.toml").write_text(MINI, "utf-8")
    monkeypatch.setattr(resources, "files", lambda package: tmp_path)
    cached = (vocabulary.languages, vocabulary.vocabulary, markers.markers_for)
    for known in cached:
        known.cache_clear()
    yield "vo"
    monkeypatch.undo()
    for known in cached:
        known.cache_clear()


def test_a_new_language_is_a_new_file_and_no_code(vorunese: str) -> None:
    text = Text("0", "Vorun Gazeto", MINI_TEXT, title="Vorun ferma la ponte de Sarn", language=vorunese)
    assert language_of(text) == vorunese
    brief = condense([text])
    offer, responses, reactions = brief.offer, brief.responses, brief.reactions
    assert any("ferma la ponte" in bullet.text for bullet in offer)
    assert any("Juro Kall" in (bullet.speaker or "") for bullet in responses)
    assert any("Mira Sonn" in (bullet.speaker or "") for bullet in reactions)
    assert not any("Leg plu" in bullet.text for bullet in offer + responses + reactions)
    assert {bullet.language for bullet in offer + responses + reactions} == {vorunese}


def test_the_code_holds_no_words_of_the_languages_it_is_not_written_in() -> None:
    modules = sorted(CODE.glob("*.py"))
    assert len(modules) > 10
    names = {key for code in CODES for _, key in keys(code)} | {key for code in CODES for key in tables(code)}
    cues = {code: _words(tables(code), names) for code in CODES if code != "en"}  # the names in code are English
    assert min(map(len, cues.values())) > 300
    for module in modules:
        for literal in _literals(ast.parse(module.read_text("utf-8"))):
            for word in _letters(literal):
                for code, words in cues.items():
                    assert word not in words, (module.name, code, word, literal)


def _words(lists: dict[str, dict[str, object]], names: set[str]) -> set[str]:
    """The cue words of a language that cannot be mistaken for the name of a list."""
    listed = [str(words) for section in SECTIONS_OF_CUES for words in lists[section].values()]
    return {word for words in listed for word in words.split() if word.isalpha() and len(word) > 3} - names - SHARED


# Words of ours that are also somebody's cues: panels, kinds and fields of records.
SHARED = {"post", "text"}


def _literals(tree: ast.AST) -> Iterator[str]:
    """The strings of a module that are neither docstrings nor parts of an f-string made for people."""
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    skipped |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


def _letters(literal: str) -> set[str]:
    """Its words of more than three letters; none where it is the name of a sign ("late_told")."""
    if "_" in literal and literal.isidentifier():
        return set()
    return {word for word in "".join(c if c.isalpha() else " " for c in literal.lower()).split() if len(word) > 3}


def test_a_language_without_words_gives_its_lead_and_says_so() -> None:
    text = (
        "Le ministère de Vorune a fermé lundi le pont de Sarn aux camions de plus de sept tonnes.\n"
        "« Un pont ne négocie pas », a déclaré le ministre Levin Strand devant la presse de la capitale.\n"
        "Les transporteurs de Halden ont répondu qu'ils saisiraient le tribunal dès cette semaine."
    )
    brief = condense([Text("0", "Le Courrier", text, title="Vorune ferme le pont de Sarn", language="fr")])
    assert [bullet.text for bullet in brief.offer][:1] == [text.split("\n")[0]]
    assert not brief.responses
    assert not brief.reactions
    for panel in ("responses", "reactions"):
        assert "language" in brief.missing[panel]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("uk", "«Міст закриють у травні», — заявила міністерка Марта Ковн.", "Марта Ковн"),
        ("uk", "За словами голови профспілки Богдана Кременя, страйк триватиме тиждень.", "Богдана Кременя"),
        ("uk", "Директорка школи Віра Стельмах зазначила, що уроки почнуться пізніше.", "Віра Стельмах"),
        ("uk", "Про закриття мосту повідомила в середу міністерка торгівлі Марта Ковн.", "Марта Ковн"),
        ("uk", "Компанія «Білий камінь» заявила, що оскаржить мито.", "«Білий камінь»"),
        ("ru", "«Мост закроют в мае», — сказал министр Артём Лисин.", "Артём Лисин"),
        ("ru", "По словам Качура, пробы хранились по правилам.", "Качура"),
        ("ru", "Глава района Нина Прокудина сообщила, что школу закроют.", "Нина Прокудина"),
        ("ru", "По мнению экономиста Дениса Карпова, цена занижена.", "Денис Карпов"),
        ("de", "„Die Brücke bleibt zu“, sagte Verkehrsministerin Greta Holm am Montag.", "Greta Holm"),
        ("de", "Laut dem Hydrologen Matthias Senn fehlt dem Plan die Vorsorge.", "Matthias Senn"),
        ("de", "Der Antrag sei berechtigt, so der Jurist Anton Wieser.", "Anton Wieser"),
        ("de", "Das Kabinett habe den Plan beschlossen, teilte Innenministerin Renate Vollmer mit.", "Renate Vollmer"),
    ],
)
def test_who_speaks_is_read_in_every_language(code: str, text: str, expected: str) -> None:
    assert expected in speakers(text, code)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("uk", "Читайте також: Чому дорожчають новобудови"),
        ("uk", "Фото: Тарас Вільшана / «Вісник»"),
        ("uk", "Підписуйтеся на наш Telegram-канал, щоб не пропустити головне."),
        ("ru", "Читайте также: Как устроена система допинг-контроля"),
        ("ru", "Нашли опечатку? Выделите текст и нажмите Ctrl+Enter"),
        ("ru", "Подпишитесь на рассылку «Заречье за пять минут»"),
        ("de", "Lesen Sie auch: So funktioniert die Wahl in Norland"),
        ("de", "Das könnte Sie auch interessieren"),
        ("de", "Von Friederike Halm und Tobias Reuss"),
        ("de", "Foto: Jens Kohl/Abendpost"),
    ],
)
def test_the_outlets_own_lines_are_left_out_in_every_language(code: str, line: str) -> None:
    assert read(Text("0", "", line), code) == []


def test_the_language_is_told_by_its_function_words() -> None:
    for code, text in {
        "uk": "Міст закриють для вантажівок, бо його опори тріснули ще торік, а ремонт триватиме два роки.",
        "ru": "Мост закроют для грузовиков, потому что его опоры треснули ещё в прошлом году, ремонт займёт два года.",
        "de": "Die Brücke wird für Lastwagen gesperrt, weil die Pfeiler nach der Prüfung nicht mehr sicher sind.",
        "en": "The bridge will be closed to trucks because its pillars cracked last year, and repair takes two years.",
    }.items():
        assert language_of(Text("0", "", text)) == code


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("uk", "«Ставку підняли запізно», — написала у фейсбуці лідерка фракції Мар'яна Ковтун.", "Мар'яна Ковтун"),
        ("uk", "Як розповів журналістам його речник Ігор Панчук, міст закриють у травні.", "Ігор Панчук"),
        ("uk", "«У нас четверо хворих», — уточнює завідувач відділення Дмитро Лобода.", "Дмитро Лобода"),
        ("uk", "На погляд колишнього радника Юрія Заруби, регулятор запізнився на рік.", "Юрій Заруба"),
        ("ru", "«Мост закроют», — написал в телеграм-канале официальный представитель Пётр Лавин.", "Пётр Лавин"),
        ("ru", "Как рассказал журналистам его пресс-секретарь Пётр Лавин, мост закроют в мае.", "Пётр Лавин"),
        ("ru", "По словам экс-форварда Сергея Мельника, команда устала.", "Сергей Мельник"),
        ("ru", "Сам Феррейра считает решение ошибкой.", "Феррейра"),
        ("de", "Man habe es aus dem Radio erfahren, klagte dessen Vorsitzender Erkan Yildiz.", "Erkan Yildiz"),
        ("de", "Zwei Boote seien zerstört, teilte der Generalstab in Hochstadt mit.", "der Generalstab in Hochstadt"),
        ("de", "Nach Angaben der Polizei stieg die Zahl der Unfälle um ein Drittel.", "Polizei"),
        ("de", "Laut Feuerwehr brannte das Haus bis zum Morgen.", "Feuerwehr"),
    ],
)
def test_a_speaker_is_neither_cut_short_nor_runs_on(code: str, text: str, expected: str) -> None:
    assert speakers(text, code) == [expected]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("uk", "Йдеться про партії з терміном придатності до вересня."),
        ("uk", "Рішення підтримали шість із десяти членів комітету."),
        ("ru", "Рубль на решение почти не отреагировал: доллар подорожал на 30 копеек."),
        ("de", "Dem Hersteller sind nach eigenen Angaben 14 Fälle bekannt."),
    ],
)
def test_what_is_decided_or_spoken_of_is_no_speaker(code: str, text: str) -> None:
    assert [speaker for speaker in speakers(text, code) if speaker] == []


@pytest.mark.parametrize(
    ("code", "name", "callings"),
    [
        ("uk", "Ольга Терен", "лікарка фахівчиня пресофіцерка наставниця правозахисниця політологиня завідувачка"),
        ("uk", "Остап Різник", "воротар агент слідчий підозрюваний коментатор фахівець держсекретар"),
        ("ru", "Ольга Терина", "врач сотрудница подсудимая обозреватель правозащитница наставница медсестра"),
        ("ru", "Пётр Лавин", "вратарь агент следователь обвиняемый комментатор госсекретарь экс-мэр"),
        ("de", "Ines Albers", "Chefvolkswirtin Kinderärztin Kämmerin Strafverteidigerin Pressesprecherin Nachbarin"),
        ("de", "Otto Lenz", "Werksleiter Chefarzt Torwart Kreisbrandmeister Schiedsrichter CDU-Politiker Augenzeuge"),
    ],
)
def test_who_that_is_stands_in_the_label(code: str, name: str, callings: str) -> None:
    words = vocabulary.vocabulary(code)
    assert words
    says = {"uk": "«Так», — каже", "ru": "«Да», — говорит", "de": "„Die Brücke bleibt zu“, sagte"}[code]
    for calling in callings.split():
        text = f"{says} {calling} {name}."
        (said,) = attribute(read(Text("0", "", text), code), words)
        assert said.speaker
        assert said.speaker.label == f"{calling} {name}"


@pytest.mark.parametrize(
    ("code", "kind", "texts"),
    [
        (
            "uk",
            "silence",
            "У клубі ситуацію не коментують.|Директор на дзвінки не відповів.|Міністр утримався від коментарів.",
        ),
        ("uk", "onlookers", "Коментатор Антон Верба|фахівчиня Ольга Терен|уповноважена з прав дитини"),
        ("uk", "politicians", "нардеп Сергій Палій|лідерка фракції «Воля»|опозиціонер"),
        ("uk", "denial", "Завод спростував чутки про закриття.|Мер вину не визнає.|У штабі назвали це фейком."),
        ("uk", "withdrawal", "Депутатка забрала слова назад.|Він перепросив за слова про вчителів."),
        (
            "ru",
            "silence",
            "В клубе ситуацию не комментируют.|Директор на звонки не ответил.|Мэр воздержался от комментариев.",
        ),
        ("ru", "onlookers", "Комментатор Антон Вербин|автоэксперт Игорь Моржов|уполномоченный по правам ребёнка"),
        ("ru", "politicians", "лидер фракции Сергей Мирный|коммунист|депутат заксобрания"),
        ("ru", "denial", "Сухов вину не признал.|Завод вину отверг.|В штабе это назвали фейком."),
        ("ru", "withdrawal", "Депутат взял слова назад.|Он извинился за свои слова об учителях."),
        (
            "de",
            "silence",
            "Die Kette lehnte eine Stellungnahme ab.|Das Amt machte keine Angaben.|Der Klub hielt sich bedeckt.",
        ),
        ("de", "onlookers", "Militärexperte Ralf Skiba|die Chefvolkswirtin der Bank|der Strafrechtler Matthias Voss"),
        ("de", "third", "der Industrieverband VIV|der Landkreistag|die Handwerkskammer|DLRG-Ortsgruppe"),
        ("de", "politicians", "CDU-Politiker Rainer Holl|Fraktionschef Norbert Thiel|die Linke"),
        ("de", "denial", "Salah wies die Darstellung zurück.|Das entspricht nicht der Wahrheit.|Er dementierte."),
        ("de", "withdrawal", "Der Rat zog den Antrag zurück.|Sie nahm ihre Aussage zurück."),
    ],
)
def test_the_family_of_a_sign_is_known_in_every_language(code: str, kind: str, texts: str) -> None:
    listed = markers.markers_for(code)
    assert listed
    for text in texts.split("|"):
        assert kind in listed.of(markers.tokens_of(text)), text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("uk", "Про це повідомляє кореспондент «Кленівського вісника» із зали суду."),
        ("uk", "Про це повідомляє пресслужба прокуратури області."),
        ("uk", "Наш Telegram: новини без зайвого"),
        ("ru", "Об этом сообщает корреспондент «Заречье сегодня» со ссылкой на мэрию."),
        ("ru", "Об этом сообщает объединённая пресс-служба судов области."),
        ("ru", "Подробнее об этом — в материале «Заречья»"),
        ("de", "Mehr zum Thema: Welche Zulieferer noch wackeln"),
        ("de", "Schreiben Sie uns an leserbriefe@abendpost.example"),
    ],
)
def test_a_line_that_only_passes_on_is_left_out(code: str, text: str) -> None:
    assert read(Text("0", "", text), code) == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("uk", "Про це в понеділок повідомив міністр оборони Ігор Панчук."),
        ("ru", "Об этом в понедельник сообщил министр обороны Пётр Лавин."),
        ("de", "Das teilte Innenministerin Renate Vollmer am Montag mit."),
    ],
)
def test_who_told_the_news_is_kept_for_later_lines(code: str, text: str) -> None:
    assert len([speaker for speaker in speakers(text, code) if speaker]) == 1


def test_german_ordinals_end_no_sentence_and_a_match_report_is_told() -> None:
    text = (
        "Kremnitz hat am 14. Spieltag ein 2:2 gegen Zorn erkämpft.\n"
        "Bojan traf in der 12. Minute nach einem Eckball zur Führung.\n"
        "Nach der Halbzeit glich Salo per Elfmeter aus.\n"
        "In der 78. Minute brachte Duda die Gäste in Front.\n"
        "In der Nachspielzeit gelang Bojan der Ausgleich vor 8300 Zuschauern.\n"
        "Der Schiedsrichter zeigte sieben Gelbe Karten."
    )
    article = Text("0", "Abendpost", text, title="Kremnitz rettet einen Punkt", language="de")
    assert len(read(article, "de")) == 6
    brief = condense([article])
    assert brief.kind == "match"
    assert not brief.responses + brief.reactions


def test_a_german_bullet_keeps_the_word_before_its_verb() -> None:
    text = (
        "Die Notenbank hebt den Leitzins um einen halben Punkt auf 2,75 Prozent an, der Satz gilt ab Montag.\n"
        "„Wir tun, was nötig ist“, sagte Notenbankchefin Marlene Sturm in Hochstadt vor der Presse.\n"
        "Dagegen kritisierte der Industrieverband VIV den Schritt scharf und warnte vor Gift für die Konjunktur.\n"
        "Nach Ansicht des Ökonomen Fritz Talheim kommt die Erhöhung für viele Betriebe zu spät."
    )
    brief = condense([Text("0", "Abendpost", text, title="Notenbank erhöht Leitzins auf 2,75 Prozent", language="de")])
    bullets = brief.offer + brief.responses + brief.reactions
    assert bullets
    assert not any(bullet.text.startswith("Kritisierte") for bullet in bullets)


@pytest.mark.parametrize(
    ("code", "kind", "others"),
    [
        ("uk", "organisations", "радник радив радий спілкування сенатор парламентар школяр банкір"),
        ("uk", "auxiliaries", "права правила справ сила мотив вплив колектив"),
        ("uk", "roles", "генеральна експертиза чемпіонат суддівство лікарня"),
        ("ru", "organisations", "союзник сенатор парламентарий школьник банкир конгрессмен"),
        ("ru", "auxiliaries", "правила скандал вокзал интервал сила"),
        ("ru", "roles", "мэрия экспертиза чемпионат генеральный журналистам"),
        ("de", "organisations", "privat gesamt insgesamt bereit"),
        ("de", "roles", "weiter heiter beschuldigte"),
    ],
)
def test_a_word_that_only_begins_alike_is_of_another_kind(code: str, kind: str, others: str) -> None:
    words = vocabulary.vocabulary(code)
    assert words
    assert [word for word in others.split() if kind in words.tags(word)] == []


def test_the_comma_of_a_number_ends_no_clause() -> None:
    words = vocabulary.vocabulary("uk")
    assert words
    text = "За оцінкою аналітика Павла Сича, банки підвищать ставки за вкладами на 0,5 пункту вже у квітні."
    (said,) = attribute(read(Text("0", "", text), "uk"), words)
    assert said.speaker
    assert said.speaker.label == "аналітик Павло Сич"


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (
            "ru",
            "Председатель банка Эльвира Самарина заявила, что денег нет.\nПо её словам, вариантов было три.",
            "Эльвира Самарина",
        ),
        (
            "uk",
            "Директор департаменту Наталія Кривонос пояснила, що пологів мало.\nЗа її словами, бригада простоює.",
            "Наталія Кривонос",
        ),
    ],
)
def test_a_woman_under_a_masculine_title_is_she(code: str, text: str, expected: str) -> None:
    assert speakers(text, code) == [expected, expected]


@pytest.mark.parametrize(
    ("code", "lead", "line", "expected"),
    [
        (
            "uk",
            "Компанія «Білий камінь» закриває кар'єр у Заріччі з 1 липня через борги на 40 мільйонів гривень.",
            "Мер Заріччя Микола Ткач заявив, що громада оскаржить закриття кар'єру в суді вже цього тижня.",
            "Громада оскаржить закриття кар'єру в суді вже цього тижня.",
        ),
        (
            "ru",
            "Компания «Белый камень» закрывает карьер в Заречье с 1 июля из-за долгов на 40 миллионов рублей.",
            "Мэр Заречья Николай Ткач заявил, что район оспорит закрытие карьера в суде уже на этой неделе.",
            "Район оспорит закрытие карьера в суде уже на этой неделе.",
        ),
    ],
)
def test_what_is_said_stands_without_said_that(code: str, lead: str, line: str, expected: str) -> None:
    brief = condense([Text("0", "Вісник", f"{lead}\n{line}", title=lead[:40], language=code)])
    bullets = brief.offer + brief.responses + brief.reactions
    assert expected in {bullet.text for bullet in bullets if bullet.speaker}


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("de", "„Das geht nicht“, kritisierte Parteichef Tom Adler die Entscheidung.", "Tom Adler"),
        ("de", "„Wir sparen“, verteidigte Bürgermeisterin Ute Sandner (parteilos) den Beschluss.", "Ute Sandner"),
        ("de", "Wie die Polizei am Abend mitteilte, wurde niemand verletzt.", "die Polizei"),
        ("uk", "«Міст закриють», — заявили в Міністерстві оборони.", "Міністерство оборони"),
    ],
)
def test_a_speaker_after_a_quotation_or_before_a_time_is_found(code: str, text: str, expected: str) -> None:
    assert speakers(text, code) == [expected]


def test_what_is_said_keeps_the_marks_of_a_name_at_its_end() -> None:
    text = "Роман Дуда перейшов із «Нової Зорі» до «Старої Альбени», повідомила пресслужба клубу."
    words = vocabulary.vocabulary("uk")
    assert words
    (said,) = attribute(read(Text("0", "", text), "uk"), words)
    assert text[said.start : said.end].endswith("«Старої Альбени»")


def labels(text: str, language: str) -> list[str | None]:
    words = vocabulary.vocabulary(language)
    assert words
    said = attribute(read(Text("0", "", text), language), words)
    return [statement.speaker.label if statement.speaker else None for statement in said]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("uk", "Президент Йоган Вест під час візиту до Ґрелля запропонував поділити газ.", "Президент Йоган Вест"),
        ("uk", "Директор Свен Альм у коментарі агентству «Полісся» заявив, що міст закриють.", "Директор Свен Альм"),
        ("ru", "Мэр Отто Лимар в разговоре с корреспондентом «Яра» сказал, что мост закроют.", "Мэр Отто Лимар"),
        ("ru", "На вопрос об этом обещании мэр ответил, что мост закроют.", "мэр"),
        ("ru", "О дефекте компания сообщила, что мост закроют.", "компания"),
        (
            "de",
            "Oberbürgermeister Ralf Steding, der im Rat sitzt, räumte Fehler ein.",
            "Oberbürgermeister Ralf Steding",
        ),
    ],
)
def test_who_stands_in_an_adjunct_or_an_aside_does_not_speak(code: str, text: str, expected: str) -> None:
    assert labels(text, code) == [expected]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("uk", "У міському управлінні цю цифру заперечують: там інші дані.", "міське управління"),
        ("uk", "У карстійському МЗС слова Бранда коментувати відмовилися.", "МЗС"),
        ("uk", "У «Теплоенерго» відповіли, що готові перенести вимкнення блоку на квітень.", "«Теплоенерго»"),
        ("uk", "У заяві клубу йдеться, що мита будують щось, крім стін.", "клуб"),
        ("ru", "В мэрии на это возражают, что две парковки уже строятся.", "мэрия"),
        ("ru", "«Безопасность для нас важнее репутации», — говорится в заявлении компании.", "компания"),
        ("de", "Auch ein Warnstreik sei nicht ausgeschlossen, hieß es aus der Gewerkschaft.", "Gewerkschaft"),
        ("de", "Aus der Bundesregierung hieß es, man vertraue auf die Institutionen.", "Bundesregierung"),
        ("de", "Laut der Industrie- und Handelskammer bleibt die Brücke zu.", "Industrie- und Handelskammer"),
        (
            "de",
            "Nach Angaben der Initiative „Aschetal steht auf“ bleibt die Brücke zu.",
            "Initiative „Aschetal steht auf“",
        ),
    ],
)
def test_a_place_or_a_paper_speaks_for_the_institution_it_belongs_to(code: str, text: str, expected: str) -> None:
    assert labels(text, code) == [expected]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("uk", "За словами експерта з транспорту Левка Данилюка, міст закриють.", "експерт з транспорту Левко Данилюк"),
        (
            "uk",
            "Голова комітету парламенту з питань оборони Астрід Лем порадила чекати.",
            "Голова комітету парламенту з питань оборони Астрід Лем",
        ),
        ("uk", "Міністр енергетики Вельдорії Густав Бранд додав, що міст закриють.", "Густав Бранд"),
        ("ru", "Торговая палата Вельдена раскритиковала идею.", "Торговая палата Вельдена"),
        (
            "de",
            "Nach Einschätzung von Kartellrechtlerin Britta Seil bleibt die Brücke zu.",
            "Kartellrechtlerin Britta Seil",
        ),
    ],
)
def test_a_name_is_found_past_what_belongs_to_its_office(code: str, text: str, expected: str) -> None:
    (label,) = labels(text, code)
    assert label
    assert label.endswith(expected)
    assert "Вельдорії Густав" not in (speakers(text, code)[0] or "")


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("uk", "Сам Роман Скиба вину заперечує.", "вину заперечує"),
        ("uk", "Втім, за оцінкою науковця Ніколаса Тейна, цифри завищені вдвічі.", "цифри завищені вдвічі."),
        (
            "ru",
            "По словам горного мастера Виталия Кузьмина, отработавшего 19 лет, печь нельзя выключить.",
            "печь нельзя выключить.",
        ),
        (
            "ru",
            "Анна Рихтер поддержала план: по её данным, число больных выросло.",
            "план: по её данным, число больных выросло.",
        ),
    ],
)
def test_what_is_said_is_neither_the_opening_word_nor_what_tells_of_the_speaker(
    code: str, text: str, said: str
) -> None:
    words = vocabulary.vocabulary(code)
    assert words
    (statement,) = attribute(read(Text("0", "", text), code), words)
    assert text[statement.start : statement.end] == said


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("uk", "Чиновник Кирило Осокін заявив, що буде скарга.\n«Дім стояв роками», — пояснив посадовець."),
        ("ru", "Юрист Кирилл Осокин заявил, что будет жалоба.\n«Дом стоял годами», — пояснил чиновник."),
    ],
)
def test_a_noun_after_the_verb_takes_up_who_spoke_before(code: str, text: str) -> None:
    said = speakers(text, code)
    assert said[0] == said[1]


def test_a_surname_in_another_case_is_the_same_person() -> None:
    text = "По мнению экономиста Павла Дроздова, простой неизбежен.\n«Запасов много», — объяснил Дроздов."
    assert labels(text, "ru") == ["экономист Павел Дроздов"] * 2


def test_a_pronoun_in_a_german_cue_means_who_spoke_before() -> None:
    text = "„Wir machen die Stadt leiser“, sagte Dezernentin Svenja Rahn. Nach ihren Worten gab es 41 schwere Unfälle."
    assert labels(text, "de") == ["Dezernentin Svenja Rahn"] * 2


def test_a_german_number_ends_and_begins_a_sentence() -> None:
    text = (
        "Künftig gilt Tempo 30. Das beschloss der Rat am 14. April. Das teilte er mit. 380 Schilder werden getauscht. "
        "Er lehnt das nach Abs. 3 und Nr. 5 ab. „32 Euro sind zu wenig“, sagte er."
    )
    assert [sentence.text for sentence in read(Text("0", "", text), "de")] == [
        "Künftig gilt Tempo 30.",
        "Das beschloss der Rat am 14. April.",
        "Das teilte er mit.",
        "380 Schilder werden getauscht.",
        "Er lehnt das nach Abs. 3 und Nr. 5 ab.",
        "„32 Euro sind zu wenig“, sagte er.",
    ]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("uk", "Представник мережі «Кошик» заявив, що міст закриють.", "Представник мережі «Кошик»"),
        ("ru", "В пресс-службе «Веленнефти» заявили, что мост закроют.", "пресс-служба «Веленнефти»"),
        (
            "uk",
            "У міністерстві закордонних справ Норланду заявили, що міст закриють.",
            "міністерство закордонних справ Норланду",
        ),
        ("uk", "В компанії-операторі порту заявили, що міст закриють.", "компанія-оператор порту"),
        ("uk", "Речниця ради Ганна Слюсар на момент публікації підтвердила арешт.", "Речниця ради Ганна Слюсар"),
        (
            "de",
            "Die Vorsitzende Richterin Gerda Maurer sagte, die Brücke bleibe zu.",
            "Vorsitzende Richterin Gerda Maurer",
        ),
        (
            "en",
            "The city's sports director Edda Quill said that the bridge was safe.",
            "The city's sports director Edda Quill",
        ),
    ],
)
def test_a_label_keeps_together_what_belongs_together(code: str, text: str, expected: str) -> None:
    assert labels(text, code) == [expected]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("uk", "Компанія «Молочний дім» відкликає суміш.\nГроші повернуть, запевнили у компанії.", "«Молочний дім»"),
        ("ru", "Генеральный директор «Волны» Артём Лисин ушёл.\n«Волна» готова платить за всё.", "«Волна»"),
        (
            "de",
            "Der Hersteller Nährwerk ruft Brei zurück. Nährwerk haftet.\nDas Unternehmen sagte, es sei sicher.",
            "Nährwerk",
        ),
    ],
)
def test_a_company_is_called_by_its_name_and_not_by_its_directors_office(code: str, text: str, expected: str) -> None:
    assert labels(text, code)[-1] == expected


def test_the_listener_is_no_part_of_what_is_said() -> None:
    text = "Очевидцы рассказали изданию «Рудянск сегодня», что пожар был виден за десять километров."
    words = vocabulary.vocabulary("ru")
    assert words
    (said,) = attribute(read(Text("0", "", text), "ru"), words)
    assert text[said.start : said.end].startswith("что пожар")


def test_an_opening_attribution_stays_where_the_verb_would_follow_alone() -> None:
    text = (
        "Die Stadt Kellbach führt Tempo 30 auf allen Straßen ein.\n"
        "„Wir machen die Stadt leiser“, sagte Dezernentin Svenja Rahn.\n"
        "Nach ihren Worten gab es im vergangenen Jahr 41 schwere Unfälle auf den Straßen der Stadt Kellbach."
    )
    brief = condense([Text("0", "Bote", text, title="Kellbach führt Tempo 30 ein", language="de")])
    assert not [bullet.text for bullet in brief.offer + brief.responses + brief.reactions if bullet.text[:3] == "Gab"]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (
            "uk",
            "Заявив директор Свен Альм.\n— Ми віримо в місто. Але склад забитий, — сказав Альм.",
            ["директор Свен Альм"] * 2,
        ),
        (
            "ru",
            "— Там кирпич крошится. Кто ответит за детей? — возмутился директор Вадим Лунёв. — Никто.",
            ["директор Вадим Лунёв"] * 3,
        ),
        (
            "uk",
            "Соліст Любомир Галайда вибачився перед залом.\n— Друзі, ми стояли вдягнені. Пробачте, — сказав музикант.",
            ["Соліст Любомир Галайда"] * 3,
        ),
    ],
)
def test_speech_between_dashes_belongs_to_its_speaker_from_its_first_sentence(
    code: str, text: str, expected: list[str]
) -> None:
    assert labels(text, code)[-len(expected) :] == expected


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (
            "uk",
            "Єпархіальна рада у вівторок, 11 лютого, ухвалила рішення закрити Липовецьку школу.",
            "Єпархіальна рада",
        ),
        ("uk", "Причиною організатори назвали «технічну несправність сцени».", "організатори"),
        ("uk", "Про це повідомив секретар єпархії Данило Верес.", "секретар єпархії Данило Верес"),
        ("ru", "В самой компании угрозу министерства комментировать отказались.", "компания"),
        ("de", "In Norland begrüßte der Verbraucherbund die Entscheidung.", "der Verbraucherbund"),
        (
            "de",
            "Sie komme allerdings spät, kritisierte Referentin Tone Lied: Hinweise habe es gegeben.",
            "Referentin Tone Lied",
        ),
    ],
)
def test_a_subject_is_told_from_times_objects_and_datives(code: str, text: str, expected: str) -> None:
    assert labels(text, code) == [expected]


@pytest.mark.parametrize("text", ["Студентам пропонують переїхати до Кленова.", "Пассажирам советуют сохранять чеки."])
def test_who_is_told_something_does_not_say_it(text: str) -> None:
    assert labels(text, "uk" if "і" in text else "ru") == []


def test_what_somebody_counts_is_his_word() -> None:
    text = "Историк Ксения Бельская считает спор важным.\nПо её подсчётам, за десять лет снесли 41 памятник."
    assert labels(text, "ru") == ["Историк Ксения Бельская"] * 2


def test_a_german_institution_is_he_or_she_by_its_article() -> None:
    text = "Der Verband prüft eine Klage.\nAuf Anfrage wollte er sich zu den Aussichten nicht äußern."
    assert labels(text, "de") == ["Der Verband"]


def test_what_is_said_between_dashes_stands_without_its_attribution_and_a_quotation_keeps_its_first_word() -> None:
    text = (
        "Завод «Крон» у Дубровиці до кінця року звільнить 600 працівників із 1450.\n"
        "— Ми тягнули, скільки могли, — сказав директор Мартин Бойчук.\n"
        "«Нас зібрали вранці у цеху. І пів години тримали під дверима на морозі», — розповіла працівниця Тамара Вовк."
    )
    brief = condense([Text("0", "Вісник", text, title="Завод «Крон» звільнить 600 людей", language="uk")])
    said = {bullet.text for bullet in brief.offer + brief.responses + brief.reactions}
    assert "Ми тягнули, скільки могли." in said
    assert not any(text.startswith("«Пів") for text in said)


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (
            "uk",
            "Кошти, за словами директорки зі сталого розвитку Дар'ї Левицької, підуть на дерева.",
            "директорка зі сталого розвитку Дар'я Левицька",
        ),
        (
            "ru",
            "По словам помощника прокурора Елизаветы Даль, директору грозит штраф.",
            "помощник прокурора Елизавета Даль",
        ),
        ("ru", "В Ассоциации банков идею поддержали, но попросили подождать.", "Ассоциация банков"),
        ("de", "Der Investor, die Firma Nordwind, habe Bäume gefällt, teilte das Bauamt mit.", "das Bauamt"),
        ("de", "Während der Bund den Stopp begrüßte, sprach der Klimabund von Übereifer.", "der Klimabund"),
    ],
)
def test_whose_word_it_is_stays_whole(code: str, text: str, expected: str) -> None:
    assert labels(text, code) == [expected]


def test_residents_who_are_asked_for_something_say_nothing() -> None:
    assert labels("Жителей микрорайона просят не выпускать собак.", "ru") == []


def test_a_clause_that_only_opens_a_german_sentence_is_not_what_is_said() -> None:
    text = "Während der Bund den Stopp begrüßte, sprach der Klimabund von Übereifer."
    words = vocabulary.vocabulary("de")
    assert words
    (said,) = attribute(read(Text("0", "", text), "de"), words)
    assert text[said.start : said.end] == "von Übereifer."


def test_a_german_student_with_an_article_is_who_spoke_before() -> None:
    text = "Augenzeugin Nadja Kern stand auf Gleis 3. Sie habe an einen Streit geglaubt, erzählte die Studentin."
    assert labels(text, "de") == ["Augenzeugin Nadja Kern"]


@pytest.mark.parametrize(
    ("code", "text", "label", "words"),
    [
        ("uk", "Фан-сектор «Хвилі» закликав бойкотувати матчі.", "Фан-сектор «Хвилі»", "бойкотувати матчі."),
        (
            "uk",
            "«Тренування о десятій, як завжди», — сухо відповів тренер Сергій Гук.",
            "тренер Сергій Гук",
            "«Тренування о десятій, як завжди»",
        ),
        (
            "ru",
            "Директор Павел Чижов сообщил «Орскому листку», что мост закроют.",
            "Директор Павел Чижов",
            "что мост закроют.",
        ),
        (
            "ru",
            "Между тем глава совета Наталья Рыжова считает, что мост закроют.",
            "глава совета Наталья Рыжова",
            "что мост закроют.",
        ),
    ],
)
def test_an_unknown_noun_an_adverb_and_a_papers_name_stand_where_they_belong(
    code: str, text: str, label: str, words: str
) -> None:
    listed = vocabulary.vocabulary(code)
    assert listed
    (said,) = attribute(read(Text("0", "", text), code), listed)
    assert said.speaker
    assert (said.speaker.label, text[said.start : said.end]) == (label, words)


def test_words_looked_up_are_remembered_within_bounds_and_answered_alike() -> None:
    words = vocabulary.read("xx", MINI)
    before = words.tags("the")
    for n in range(vocabulary.SEEN + 5):
        words.tags(f"word{n}")
    assert len(words.seen) == 5 + 1
    assert words.tags("the") == before
    assert "the" in words.seen
