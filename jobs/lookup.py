"""What the search index holds of an article, and what a question asks of it: stems, in the article's language. Pure."""

from db.records import Text
from jobs.terms import guess_language, languages, stem, tokens

LEAD_CHARS = 600  # a topic stands in the title or the lead; deeper in the text it is an aside
WORDS_MOST = 12


def index_terms(article: Text) -> str:
    """The stems of its title and lead, separated by spaces."""
    words = f"{article.title}\n{article.text[:LEAD_CHARS]}"
    language = article.language or guess_language(words)
    return " ".join(dict.fromkeys(token.stem for token in tokens(words, language)))


def query_terms(words: str) -> list[list[str]]:
    """For each word that means something, its possible stems: a few words do not tell their language."""
    found = dict.fromkeys(token.word.lower() for token in tokens(words, guess_language(words)))
    return [list(dict.fromkeys(stem(word, language) for language in languages())) for word in found][:WORDS_MOST]
