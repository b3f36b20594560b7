"""A person at a browser: opens an address, picks an account, agrees, and stops where the application is called."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import requests


class Forms(HTMLParser):
    """The page's forms: id, action, hidden fields."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.kind = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "body":
            self.kind = attrs.get("data-emulator-page")
        elif tag == "form":
            self.found.append({"id": attrs.get("id"), "action": attrs.get("action", ""), "fields": {}})
        elif tag == "input" and attrs.get("type") == "hidden":
            self.found[-1]["fields"][attrs["name"]] = attrs.get("value", "")

    def form(self, name):
        return next(form for form in self.found if form["id"] == name)


def sign_in(url, account, redirect_uri):
    """The parameters with which the application is called after `account` signed in."""
    answers = {"accounts": ("accounts", {"account": account}), "consent": ("consent", {"decision": "accept"})}
    called = walk(url, answers, lambda target: target.startswith(redirect_uri))
    return {name: values[0] for name, values in parse_qs(urlsplit(called).query).items()}


def enter_code(url, code, account):
    """Types a device's code and signs in as `account`."""
    answers = {
        "device": ("device", {"user_code": code}),
        "accounts": ("accounts", {"account": account}),
        "consent": ("consent", {"decision": "accept"}),
        "device-done": None,
    }
    walk(url, answers, lambda _: False)


def walk(url, answers, is_end):
    """Answers one page after the other, until a redirect is the end or a page needs no answer."""
    browser = requests.Session()
    response = browser.get(url, allow_redirects=False)
    for _ in range(8):
        if response.is_redirect:
            target = urljoin(response.url, response.headers["location"])
            if is_end(target):
                return target
            response = browser.get(target, allow_redirects=False)
            continue
        page = Forms(response.text)
        if page.kind not in answers:
            text = re.sub(r"<style.*?</style>|<[^>]*>", " ", response.text, flags=re.DOTALL)
            raise SystemExit(f"no answer to the page {page.kind!r}: {' '.join(text.split())}")
        if answers[page.kind] is None:
            return response.url
        name, fields = answers[page.kind]
        form = page.form(name)
        action = urljoin(response.url, form["action"])
        response = browser.post(action, data={**form["fields"], **fields}, allow_redirects=False)
    raise SystemExit("too many pages")
