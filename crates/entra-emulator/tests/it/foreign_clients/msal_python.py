"""MSAL for Python. Arguments: the case, a JSON file about the emulator. Prints what it got as JSON."""

import json
import sys

import jwt
import msal

from person import enter_code, sign_in

GRAPH = ["User.Read"]
DEFAULT = ["https://graph.microsoft.com/.default"]


def confidential(emulator, credential=None, authority=None, **options):
    return msal.ConfidentialClientApplication(
        emulator["app"],
        client_credential=credential or emulator["secret"],
        authority=authority or f"{emulator['url']}/{emulator['tenant']}",
        instance_discovery=False,
        **options,
    )


def by_code(app, emulator, account, scopes):
    flow = app.initiate_auth_code_flow(scopes, redirect_uri=emulator["redirect_uri"])
    return app.acquire_token_by_auth_code_flow(flow, sign_in(flow["auth_uri"], account, emulator["redirect_uri"]))


def authorization_code(emulator):
    return by_code(confidential(emulator), emulator, emulator["account"], GRAPH)


def refresh(emulator):
    """From the cache at first, then with the refresh token."""
    app = confidential(emulator)
    first = by_code(app, emulator, emulator["account"], GRAPH)
    (account,) = app.get_accounts()
    cached = app.acquire_token_silent(GRAPH, account)
    renewed = app.acquire_token_silent_with_error(GRAPH, account, force_refresh=True)
    return {
        **renewed,
        "cached": cached["access_token"] == first["access_token"],
        "renewed": renewed["access_token"] != first["access_token"],
        "account": account,
    }


def client_credentials(emulator):
    return confidential(emulator).acquire_token_for_client(DEFAULT)


def certificate(emulator):
    credential = {"private_key": emulator["key"], "public_certificate": emulator["certificate"]}
    app = confidential(emulator, credential)
    return {
        "app": app.acquire_token_for_client(DEFAULT),
        "user": by_code(app, emulator, emulator["account"], GRAPH),
    }


def certificate_by_sha1(emulator):
    """The legacy form: RS256 and a SHA-1 thumbprint."""
    credential = {"private_key": emulator["key"], "thumbprint": emulator["sha1"]}
    return confidential(emulator, credential).acquire_token_for_client(DEFAULT)


def assertion(emulator):
    return confidential(emulator, {"client_assertion": emulator["assertion"]}).acquire_token_for_client(DEFAULT)


def device_code(emulator):
    app = msal.PublicClientApplication(
        emulator["public_app"], authority=f"{emulator['url']}/{emulator['tenant']}", instance_discovery=False
    )
    flow = app.initiate_device_flow(GRAPH)
    # Asks once and does not wait: nobody has typed the code yet.
    pending = app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
    enter_code(flow["verification_uri"], flow["user_code"], emulator["account"])
    return {**app.acquire_token_by_device_flow(flow), "pending": pending["error"], "message": flow["message"]}


def on_behalf_of(emulator):
    app = confidential(emulator)
    own = by_code(app, emulator, emulator["account"], [f"api://{emulator['app']}/access_as_user"])
    if "access_token" not in own:
        return own
    return confidential(emulator).acquire_token_on_behalf_of(own["access_token"], GRAPH)


def b2c(emulator):
    b2c = emulator["b2c"]
    authority = f"{emulator['url']}/{b2c['domain']}/{b2c['policy']}"
    app = confidential({**emulator, **b2c}, authority=authority)
    first = by_code(app, emulator, b2c["account"], [b2c["app"]])
    if "error" in first:
        return first
    (account,) = app.get_accounts()
    renewed = app.acquire_token_silent_with_error([b2c["app"]], account, force_refresh=True)
    return {**first, "renewed": renewed, "account": account}


def external_id(emulator):
    external = emulator["external"]
    app = confidential({**emulator, **external}, authority=f"{emulator['url']}/{external['tenant']}")
    return by_code(app, emulator, external["account"], [])


def instance_discovery(emulator):
    """The application's authority is not Microsoft's host: the instance discovery endpoint has to know it."""
    app = msal.ConfidentialClientApplication(
        emulator["app"],
        client_credential=emulator["secret"],
        authority=f"{emulator['url']}/{emulator['tenant']}",
        instance_discovery=f"{emulator['url']}/common/discovery/instance",
    )
    return app.acquire_token_for_client(DEFAULT)


def under_microsofts_names(emulator):
    """With every option at its default, instance discovery included."""
    import led_here  # noqa: F401

    login = "https://login.microsoftonline.com"
    app = msal.ConfidentialClientApplication(
        emulator["app"], client_credential=emulator["secret"], authority=f"{login}/{emulator['tenant']}"
    )
    user = by_code(app, emulator, emulator["account"], GRAPH)
    (account,) = app.get_accounts()
    cached = app.acquire_token_silent(GRAPH, account)
    b2c = emulator["b2c"]
    customers = msal.ConfidentialClientApplication(
        b2c["app"],
        client_credential=b2c["secret"],
        authority=f"https://{b2c['name']}.b2clogin.com/{b2c['domain']}/{b2c['policy']}",
    )
    external = emulator["external"]
    club = msal.ConfidentialClientApplication(
        external["app"],
        client_credential=external["secret"],
        authority=f"https://{external['name']}.ciamlogin.com",
    )
    return {
        "user": user,
        "cached": cached["access_token"] == user["access_token"],
        "environment": account["environment"],
        "app": app.acquire_token_for_client(DEFAULT),
        "b2c": by_code(customers, emulator, b2c["account"], [b2c["app"]]),
        "external": by_code(club, emulator, external["account"], []),
    }


def wrong_secret(emulator):
    return confidential(emulator, "not~the~secret").acquire_token_for_client(DEFAULT)


def main():
    case, file = sys.argv[1:]
    with open(file, encoding="utf-8") as text:
        emulator = json.load(text)
    result = globals()[case](emulator)
    if "id_token" in result:
        result["header"] = jwt.get_unverified_header(result["id_token"])
    print(json.dumps(result))


main()
