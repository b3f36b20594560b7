"""social-auth-core. Arguments: the backend, a JSON file about the emulator. Prints who signed in as JSON."""

import json
import sys
from urllib.parse import urljoin

from social_core.backends.azuread_b2c import AzureADB2COAuth2
from social_core.backends.azuread_tenant import AzureADTenantOAuth2, AzureADV2TenantOAuth2
from social_core.storage import BaseStorage, NonceMixin
from social_core.strategy import BaseStrategy

from person import sign_in

BACKENDS = {backend.name: backend for backend in (AzureADTenantOAuth2, AzureADV2TenantOAuth2, AzureADB2COAuth2)}
SEEN = {}


def remember(details, response, uid, **_):
    """The pipeline's last step: what an application would make a user of."""
    SEEN.update(details=details, response=response, uid=uid)


class Nonces(NonceMixin):
    """Each state works once."""

    kept = set()

    @classmethod
    def use(cls, server_url, timestamp, salt):
        fresh = (server_url, timestamp, salt) not in cls.kept
        cls.kept.add((server_url, timestamp, salt))
        return fresh

    @classmethod
    def consume(cls, server_url, timestamp, salt):
        known = (server_url, timestamp, salt) in cls.kept
        cls.kept.discard((server_url, timestamp, salt))
        return known


class Storage(BaseStorage):
    nonce = Nonces


class Strategy(BaseStrategy):
    """An application's one visitor: settings, session, the request that is being answered."""

    def __init__(self, settings):
        super().__init__(storage=Storage)
        self.settings = settings
        self.session = {}
        self.request = {}

    def get_setting(self, name):
        return self.settings[name]

    def get_request_data(self, merge=True):
        return self.request

    def request_host(self):
        return "localhost"

    def session_get(self, name, default=None):
        return self.session.get(name, default)

    def session_set(self, name, value):
        self.session[name] = value

    def session_pop(self, name):
        return self.session.pop(name, None)

    def build_absolute_uri(self, path=None):
        return urljoin("http://localhost/", path or "/")

    def redirect(self, url):
        return url


def settings(name, emulator):
    steps = ["social_core.pipeline.social_auth.social_details", "social_core.pipeline.social_auth.social_uid"]
    values = {
        "KEY": emulator["app"],
        "SECRET": emulator["secret"],
        "TENANT_ID": emulator["tenant"],
        "AUTHORITY_URL": f"{emulator['url']}/{emulator['tenant']}",
        "PIPELINE": [*steps, "__main__.remember"],
    }
    if name == AzureADTenantOAuth2.name:
        values["RESOURCE"] = "https://graph.microsoft.com"
    if name == AzureADB2COAuth2.name:
        b2c = emulator["b2c"]
        values.update(
            KEY=b2c["app"],
            SECRET=b2c["secret"],
            TENANT_NAME=b2c["name"],
            POLICY=b2c["policy"],
            AUTHORITY_URL=f"{emulator['url']}/{b2c['domain']}",
            # An access token comes with the application's own id as a scope only.
            SCOPE=[b2c["app"], "offline_access"],
        )
    return {f"SOCIAL_AUTH_{key}": value for key, value in values.items()}


def main():
    name, file = sys.argv[1:]
    with open(file, encoding="utf-8") as text:
        emulator = json.load(text)
    strategy = Strategy(settings(name, emulator))
    backend = BACKENDS[name](strategy, redirect_uri=emulator["redirect_uri"])
    account = emulator["b2c"]["account"] if name == AzureADB2COAuth2.name else emulator["account"]
    strategy.request = sign_in(backend.start(), account, emulator["redirect_uri"])
    backend = BACKENDS[name](strategy, redirect_uri=emulator["redirect_uri"])
    backend.data = strategy.request
    backend.complete()
    refreshed = None
    if "refresh_token" in SEEN["response"]:
        refreshed = backend.refresh_token(SEEN["response"]["refresh_token"])
    print(json.dumps({**SEEN, "refreshed": refreshed}))


main()
