"""What is shown, logged and saved holds nothing that gives access."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbar_qgis_plugin.catalog.redaction import host_of, scrubbed, without_secrets

NAMES = (
    "sig",
    "token",
    "access_token",
    "refresh_token",
    "apikey",
    "api_key",
    "api-key",
    "key",
    "Signature",
    "password",
    "passwd",
    "client_secret",
    "subscription-key",
    "jwt",
    "username",
    "X-Amz-Signature",
    "X-Amz-Security-Token",
    "X-Goog-Credential",
    "AWSAccessKeyId",
    "header.Authorization",
)
WORD = st.text("abcdefXYZ0123456789-_.~", min_size=6, max_size=12)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a.org/x?b=1&sig=ab%2Bc&c=2", "https://a.org/x?b=1&sig=…&c=2"),
        ("/vsicurl?header.X-Key=ab&url=https://a.org", "/vsicurl?header.X-Key=…&url=https://a.org"),
        ("https://me:p@ss:w@a.org/x@y", "https://…@a.org/x@y"),
        ('{"Authorization": "Basic YTpi"}', '{"Authorization": "…"}'),
        ("Authorization: Bearer abc.def, retry", "Authorization: …, retry"),
        ("x-api-key: abc and more", "x-api-key: … and more"),
        ("the bucket=monkey has a turkey=1", "the bucket=monkey has a turkey=1"),
        ("nothing to hide: 3 items", "nothing to hide: 3 items"),
        ("<a href='https://a.org/?sig=ab'>", "<a href='https://a.org/?sig=…'>"),
    ],
)
def test_what_is_hidden(text, shown):
    assert scrubbed(text) == shown


@given(st.sampled_from(NAMES), WORD, st.sampled_from(["", "before ", "https://a.org/b?c=d&"]))
def test_no_secret_of_an_address_is_shown(name, value, before):
    secret = f"Q{value}Q"
    assert secret not in scrubbed(f"{before}{name}={secret}&next=1")
    assert scrubbed(f"{before}{name}={secret}&next=1").endswith("&next=1")


@given(st.text())
def test_any_text_can_be_shown(text):
    assert scrubbed(scrubbed(text)) == scrubbed(text)


@given(st.sampled_from(NAMES), WORD, WORD)
def test_an_address_is_freed_of_secrets(name, value, other):
    kept = f"https://a.org/{{z}}/{{x}}?q={quote(other)}"
    assert without_secrets(f"{kept}&{name}={value}#top") == (f"{kept}#top", (name,))


def test_an_account_and_a_disguised_name_are_found():
    clean, dropped = without_secrets("https://u:p@a.org:8443/stac?%73ig=1&b=2")
    assert (clean, dropped) == ("https://a.org:8443/stac?b=2", ("user:password", "sig"))


@pytest.mark.parametrize("url", ["https://a.org/stac?f=json&bbox=1,2", "file:///data/c.json", ""])
def test_an_address_without_secrets_stays(url):
    assert without_secrets(url) == (url, ())


def test_an_address_that_is_none_is_refused():
    with pytest.raises(ValueError, match="IPv6"):
        without_secrets("https://[a")


@given(st.text())
def test_any_text_may_be_asked_for_its_host(text):
    assert not urlsplit(host_of(text)).username if host_of(text) else True
    assert parse_qsl(urlsplit(host_of(text)).query) == []
