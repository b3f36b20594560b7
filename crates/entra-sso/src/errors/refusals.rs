//! E300–E399: what this crate refuses while it runs.

use entra_oidc::{Blame, ErrorEntry};
use http::StatusCode;

/// One line each: variant, code, status, blame, public text, remedy. The enum and the register are made from it, so that
/// neither can have an entry which the other lacks.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident $code:literal $status:ident $blame:ident: $public:literal, $remedy:literal;)+) => {
        /// What this crate refuses while it runs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum RefusalKind {
            $($(#[$doc])* $name,)+
        }

        impl RefusalKind {
            /// Every kind, in the order of the codes.
            pub const ALL: &[RefusalKind] = &[$(RefusalKind::$name,)+];

            /// The register's entry: code, name, blame, public text and remedy.
            #[must_use]
            pub fn entry(self) -> &'static ErrorEntry {
                match self {
                    $(RefusalKind::$name => {
                        static ENTRY: ErrorEntry = ErrorEntry {
                            code: $code,
                            name: stringify!($name),
                            blame: Blame::$blame,
                            public: $public,
                            remedy: $remedy,
                        };
                        &ENTRY
                    })+
                }
            }

            /// The HTTP status of the answer.
            #[must_use]
            pub fn status(self) -> StatusCode {
                match self {
                    $(RefusalKind::$name => StatusCode::$status,)+
                }
            }
        }
    };
}

refusals! {
    /// `state` does not open with any of our keys.
    AttemptUnknown "E301" BAD_REQUEST User:
        "This sign-in could not be recognised. Please start again.",
        "The `state` was altered, or it was sealed with a key that is no longer in `secret_keys` (without that setting, every restart draws new keys). Starting again cures a single case.";
    /// The sign-in was begun, but not in this browser.
    AttemptForeign "E302" BAD_REQUEST User:
        "This sign-in was begun in another browser, or this browser did not keep the cookie of it. Allow cookies for this site and start again.",
        "The browser brought no attempt cookie for this `state`: cookies are blocked, the link was opened in another browser, or sign-in began at another host name than the callback's (see `public_url` and `callback_domain`).";
    /// This answer was already used.
    AttemptUsed "E303" BAD_REQUEST User:
        "This sign-in was already completed or used. Please start again.",
        "The same callback arrived twice: a double click, the back button, or a replay. Only the first one counts.";
    /// The user took longer than `timeout`.
    AttemptExpired "E304" BAD_REQUEST User:
        "This sign-in took too long. Please start again.",
        "The user was away for more than `timeout` minutes. Raise it if your users need longer.";
    /// The answer belongs to another site or redirect URI.
    AttemptElsewhere "E305" BAD_REQUEST User:
        "This sign-in was begun at another address of this site. Please start again from here.",
        "The callback arrived for another site or redirect URI than the one the sign-in was begun for. Set `public_url`, so that every start uses the same host.";

    /// The account is a guest of the tenant and guests are denied.
    GuestDenied "E310" FORBIDDEN User:
        "Guest accounts cannot sign in here. Use an account of this organisation.",
        "`guests` is `deny`. Set it to `allow`, or make the person a member of the tenant.";
    /// The account is a personal Microsoft account and those are denied.
    PersonalAccountDenied "E311" FORBIDDEN User:
        "Personal Microsoft accounts cannot sign in here. Use your work or school account.",
        "`personal_accounts` is `deny` (the default unless the tenant is `consumers`). Set it to `allow` if they are meant to enter.";
    /// No entry of `allowable_domains` admits the account.
    DomainDenied "E312" FORBIDDEN User:
        "This account is not allowed to sign in here.",
        "No trusted address of the account is in `allowable_domains`. Addresses of foreign tenants count only with the optional claim `xms_edov`, or with their tenant in `trusted_email_tenants`.";
    /// A rule needs something that did not come.
    ProfileIncomplete "E313" SERVICE_UNAVAILABLE Microsoft:
        "Microsoft did not answer completely. Please try again in a moment.",
        "A rule (`allowable_domains`, for example) needs the profile, and Microsoft Graph did not deliver it in time. See `graph_timeout`, and the log for Graph's answer.";
    /// The user is not known and none is created.
    UnknownUser "E314" FORBIDDEN User:
        "This account is not allowed to sign in here.",
        "`auto_create_users` is off and no user is linked to this account. Prepare the user first.";
    /// The user is deactivated.
    UserInactive "E315" FORBIDDEN User:
        "This account is not allowed to sign in here.",
        "The user exists and is not active. Activate it if the person should enter.";
    /// What the public is told in place of a refusal that says something of an account here.
    SignInDenied "E316" FORBIDDEN User:
        "You cannot sign in here with this account.",
        "The log line with the same reference has the code that says why: E310, E311, E312, E314, E315, E341, E343 or E344. With `show_failed_login_message` the user is told it too.";

    /// A store did not answer.
    StoreUnavailable "E320" SERVICE_UNAVAILABLE Operator:
        "The service is not available at the moment. Please try again shortly.",
        "The user or session store failed; the log line names the store and its error. Nobody was signed out by this.";
    /// A handler asks for the user, and the layer is not there.
    LayerMissing "E321" INTERNAL_SERVER_ERROR Operator:
        "Something is set up wrongly on this site.",
        "Add `.layer(sso.layer())` to the router, after the routes that need the user.";
    /// A changing request that does not come from our own pages.
    CrossSiteRequest "E322" FORBIDDEN Attacker:
        "This request did not come from this site. Please go back and try again.",
        "A request that changes something came without `Sec-Fetch-Site: same-origin` and without our `Origin`; if your own pages are refused, the public address is not known here: set `public_url`. Or a sign-in was asked for by a picture, another site's frame or another site's script, and not by going there: let the whole page go there.";
    /// A callback by POST, while the code is expected in the query, or the other way round.
    CallbackMethod "E323" METHOD_NOT_ALLOWED Attacker:
        "This sign-in could not be completed. Please start again.",
        "With `require_secure_callback` Microsoft's answer is expected as a POST (`response_mode=form_post`), without it as a GET (`response_mode=query`); what comes in the other way was not asked for, and nothing of it is used. Set `require_secure_callback = true` if answers are to come as POST; a sign-in that was under way while the setting changed begins again.";
    /// The routes are nested under a path that `prefix` does not name.
    PrefixMismatch "E324" INTERNAL_SERVER_ERROR Operator:
        "Something is set up wrongly on this site.",
        "The routes are nested under another path. Set `prefix` to the whole path as the browser sees it, such as `/portal/microsoft_sso`.";
    /// `trusted_proxies` is set and the peer's address is not known.
    PeerUnknown "E325" INTERNAL_SERVER_ERROR Operator:
        "Something is set up wrongly on this site.",
        "`trusted_proxies` needs the peer's address: serve with `app.into_make_service_with_connect_info::<std::net::SocketAddr>()`.";
    /// The request's host is missing, malformed or not one of ours.
    HostNotAllowed "E326" BAD_REQUEST Attacker:
        "This site does not answer under this name.",
        "The request's host is not one that this application serves. Name it in `public_url`, `callback_domain` or `allowed_hosts`; without any of them only localhost, 127.0.0.1 and [::1] are served.";
    /// The forwarding headers of a trusted proxy contradict each other or make no sense.
    ForwardedConflict "E327" BAD_REQUEST Operator:
        "This request could not be understood.",
        "A trusted proxy sent `X-Forwarded-Proto` or `X-Forwarded-Host` with values that differ or cannot be read. Let the outermost proxy replace what the client sent, or set `public_url`.";
    /// Plain http off loopback.
    PlainHttp "E328" INTERNAL_SERVER_ERROR Operator:
        "Something is set up wrongly on this site.",
        "The request looks like plain http, and sign-in needs https everywhere but on loopback. If a proxy ends TLS, set `public_url = \"https://…\"`, or name the proxy in `trusted_proxies`.";

    /// Nobody is signed in.
    NotSignedIn "E330" UNAUTHORIZED User:
        "Please sign in.",
        "The request has no valid session. Browsers are sent to the login page; programs get this answer with the login address.";
    /// More bytes than the route takes.
    RequestTooLarge "E332" PAYLOAD_TOO_LARGE Attacker:
        "This request is too large.",
        "The body or query is larger than this route accepts (64 KiB at the callback).";

    /// No provider of this name at this site.
    ProviderUnknown "E336" NOT_FOUND User:
        "There is no such way to sign in here.",
        "The site of this request has no `[[provider]]` of the name in the path.";
    /// The answer came to the door of another provider than the one that the sign-in was begun with.
    AnotherProvider "E337" BAD_REQUEST Attacker:
        "This sign-in was begun in another way. Please start again.",
        "A provider's answer carried the `state` of a sign-in with another provider. Either two registrations have each other's redirect URI, or somebody mixes up providers to get hold of a code; nothing was redeemed.";
    /// The user flow is not configured.
    JourneyUnknown "E338" NOT_FOUND User:
        "This page does not exist here.",
        "A user flow of B2C was asked for which this site has not: see `reset_password_policy` and `edit_profile_policy`.";
    /// A sign-out that a provider tells of cannot be believed.
    LogoutTokenRefused "E339" BAD_REQUEST Attacker:
        "This sign-out could not be understood.",
        "What was posted to the back-channel address is not one valid sign-out of this provider; the detail says why. Check issuer, application id and clock if the provider is honest.";
    /// The provider's keys cannot be had, so its sign-out cannot be judged.
    LogoutTokenUnjudged "E340" SERVICE_UNAVAILABLE Microsoft:
        "The service is not available at the moment. Please try again shortly.",
        "The provider's metadata or keys cannot be read, so that nothing it says can be believed. No session was ended.";
    /// A hook or the authentication backend of the application denied the sign-in.
    HookDenied "E341" FORBIDDEN User:
        "This account is not allowed to sign in here.",
        "The application's own code (`SignInHooks` or `AuthenticationBackend`) denied this sign-in; its text was shown to the user.";
    /// A hook or the authentication backend of the application failed.
    HookFailed "E342" INTERNAL_SERVER_ERROR Operator:
        "Something went wrong while you were signed in.",
        "The application's own code (`SignInHooks` or `AuthenticationBackend`) failed or panicked, or wanted to lead somewhere that is no path on this site; the log line says what happened. Nobody was signed in.";
    /// `unique_email` needs a trusted address and there is none.
    AddressMissing "E343" FORBIDDEN User:
        "This account is not allowed to sign in here.",
        "`unique_email` is set, and the account has no trusted address. Addresses of foreign tenants count only with the optional claim `xms_edov`, or with their tenant in `trusted_email_tenants`.";
    /// `unique_email`, and the address is another user's.
    AddressTaken "E344" FORBIDDEN User:
        "This account is not allowed to sign in here.",
        "`unique_email` is set, and the account's address belongs to a user who has another Microsoft account, or to several users. Whoever left may still hold it: change or delete that user first.";
    /// The authentication backend chose a user whom the store does not have.
    BackendUserUnknown "E345" INTERNAL_SERVER_ERROR Operator:
        "Something went wrong while you were signed in.",
        "The authentication backend has to give a user of the user store, and gave one who is not there.";
    /// The same account or the same prepared user was claimed again and again while we looked.
    SignInContended "E346" SERVICE_UNAVAILABLE Operator:
        "The service is not available at the moment. Please try again shortly.",
        "Users were linked and removed faster than this sign-in could follow. Trying again cures a single case.";

    /// The user is signed in and lacks the permission, role or group.
    PermissionMissing "E350" FORBIDDEN User:
        "You are signed in, and this page is not meant for you.",
        "A guard asks for something that this user lacks; the detail names it. Roles, groups and lists are looked at in each sign-in: after a change at Microsoft the user signs in again.";
    /// The user is signed in and has to prove more.
    StepUpNeeded "E351" UNAUTHORIZED User:
        "Please confirm that it is you.",
        "A guard or handler asks for a recent sign-in or an authentication context. Browsers are sent there; programs get this answer with the login address.";
    /// The way in which the user signed in cannot prove what is asked for.
    StepUpImpossible "E352" FORBIDDEN Operator:
        "This page asks for a proof that your way of signing in cannot give.",
        "Authentication contexts and claims challenges exist at Entra ID and External ID only. Ask users of B2C and of standard providers for a recent sign-in instead (`require::within`).";
    /// What a handler or guard asks for is nothing that can be asked for.
    StepUpInvalid "E353" INTERNAL_SERVER_ERROR Operator:
        "Something is set up wrongly on this site.",
        "`StepUp` takes an authentication context such as `c1`, and as claims a JSON object of at most 2 KiB.";

    /// A handler asks for the access token, and none is saved.
    TokensNotSaved "E360" INTERNAL_SERVER_ERROR Operator:
        "Something is set up wrongly on this site.",
        "Set `save_access_token = true`; sessions that begin from then on have the token.";
    /// No access token came with the sign-in.
    TokenAbsent "E361" INTERNAL_SERVER_ERROR Operator:
        "Something is set up wrongly on this site.",
        "The session has just begun, and its sign-in brought no access token: ask for a scope of an API in `scopes`.";
    /// The access token is over, and a new one cannot be had just now.
    TokenUnavailable "E362" SERVICE_UNAVAILABLE Microsoft:
        "Microsoft could not be reached. Please try again in a moment.",
        "The token endpoint did not answer, or is busy. Nobody was signed out; it is asked again after 30 seconds, or when Microsoft says.";
    /// What a handler asks a token for cannot be asked for.
    TokenScopesInvalid "E363" INTERNAL_SERVER_ERROR Operator:
        "Something is set up wrongly on this site.",
        "Give `SignedIn::access_token_for` one to 20 scopes of one API, such as `api://{client id}/read`.";
    /// A refresh broke off.
    TokenRefreshBroken "E364" INTERNAL_SERVER_ERROR Operator:
        "Something went wrong. Please try again.",
        "A refresh ended without an outcome: the process is stopping, or this is an error of this software, and the log has a panic.";
    /// A handler asks Graph, and the authority of the session has none.
    GraphAbsent "E365" INTERNAL_SERVER_ERROR Operator:
        "Something is set up wrongly on this site.",
        "There is no Microsoft Graph for this session: B2C and standard providers have none, and an authority on this machine needs `graph_url`.";
    /// Graph does not answer, or is busy.
    GraphUnavailable "E366" SERVICE_UNAVAILABLE Microsoft:
        "Microsoft could not be reached. Please try again in a moment.",
        "Graph did not answer in time (`graph_timeout`), or limits how often it is asked; `Retry-After` says for how long.";
    /// Graph refused what a handler asks.
    GraphRefused "E367" BAD_GATEWAY Operator:
        "Microsoft did not answer this question.",
        "See Graph's status and code in the log: 403 is a missing permission, 404 something that is not there.";
    /// What a handler asks Graph is no path of it.
    GraphCallInvalid "E368" INTERNAL_SERVER_ERROR Operator:
        "Something is set up wrongly on this site.",
        "Give a path below the version, such as `me/messages`, and put data into it with `GraphCall::segment`.";

    /// Who asks for the admin is not staff.
    AdminStaffOnly "E375" FORBIDDEN User:
        "You may not open this page.",
        "The admin is for staff and superusers. `staff_list`, `superuser_list`, `role_map`, a superuser in the admin, or `entra-sso users promote` gives the permission. Staff of one site alone (`[[site]] staff_list`) do not enter: the users are those of all sites.";
    /// Staff asks for what superusers may do.
    AdminSuperusersOnly "E376" FORBIDDEN Attacker:
        "Only superusers may do this.",
        "No page of the admin offers this to who is only staff: the permission was taken while the page was open, or the request was made by hand. The detail says who and what.";
    /// The admin is asked for somebody or something that is not there.
    AdminUserUnknown "E377" NOT_FOUND User:
        "There is no such user.",
        "The user was deleted meanwhile, or the address is wrong.";
    /// The store of users cannot be looked through.
    AdminWithoutDirectory "E378" INTERNAL_SERVER_ERROR Operator:
        "Something is set up wrongly on this site.",
        "The admin needs a store of users that can be looked through: give it with `.managed_users(store)` in place of `.users(store)`; the store implements `UserDirectory`.";
    /// A form of the admin has what was not offered.
    AdminFormRefused "E379" FORBIDDEN Attacker:
        "This form could not be understood.",
        "A form of the admin came with a field that it does not have, with one twice, or with a value that no browser sends from it. The detail says which fields were expected.";

    /// The seed's cookie does not come back, however often the sign-in begins.
    CallbackCookieLost "E380" BAD_REQUEST User:
        "This browser did not send back the cookie of this sign-in. Allow cookies for this site, or use another browser: Safari keeps this cookie over https only.",
        "The cookie was set when the sign-in began and is not there when it ends, so that trying once more cannot help. With `require_secure_callback` it is `SameSite=None; Secure`: Safari keeps no such cookie over http, on localhost neither. There, use https, or Chromium or Firefox, or develop without the setting. Elsewhere the user's browser blocks cookies.";
    /// A POST to the callback that is not one form.
    CallbackForm "E381" BAD_REQUEST Attacker:
        "This sign-in could not be completed. Please start again.",
        "A POST to the callback has to be one form (`application/x-www-form-urlencoded`), with nothing in the query of its address; Microsoft's always is. Nothing of it was used.";
}
