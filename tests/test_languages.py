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
    ("speech", "impersonal"),
    ("names", "case_endings"),
    ("grammar", "head"),
    ("grammar", "genitives"),
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
    assert keys(code) - keys("en") - EXTRAS == set()


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
        ("uk", "Компанія «Білий камінь» заявила, що оскаржить мито.", "Компанія «Білий камінь»"),
        ("ru", "«Мост закроют в мае», — сказал министр Артём Лисин.", "Артём Лисин"),
        ("ru", "По словам Качура, пробы хранились по правилам.", "Качура"),
        ("ru", "Глава района Нина Прокудина сообщила, что школу закроют.", "Нина Прокудина"),
        ("ru", "По мнению экономиста Дениса Карпова, цена занижена.", "Дениса Карпова"),
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
