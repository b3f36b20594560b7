//! Somebody who is signed in, without Microsoft.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use entra_oidc::{AccountKey, AccountKind, Guid, Timestamp};
use http::HeaderValue;
use serde_json::{Map, Value, json};

use crate::{
    entra_sso::EntraSso,
    owner::Owner,
    rejection::asker::Asker,
    roles::Roles,
    session::{data::SessionData, proof::Proof},
    sign_in::establish::{self, Beginning},
    signed_in::SignedIn,
    site::DEFAULT,
    store_error::StoreError,
    users::{Created, Grant, GrantChange, MicrosoftAccount, NewUser, User, UserId, UserUpdate},
};

/// The tenant of test users, unless [`TestUser::claim`] says otherwise.
const TENANT: &str = "11111111-1111-4111-8111-111111111111";

/// Somebody who is signed in.
///
/// ```
/// use entra_sso::{SignedIn, testing::TestUser};
///
/// async fn private(user: SignedIn) -> String {
///     format!("OK user={}", user.username())
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let adele = TestUser::new("adele@contoso.example").role("Admin");
/// assert_eq!(private(adele.signed_in()).await, "OK user=adele@contoso.example");
/// # });
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct TestUser {
    username: String,
    first_name: String,
    last_name: String,
    email: Option<String>,
    is_staff: bool,
    is_superuser: bool,
    site: Option<String>,
    claims: Map<String, Value>,
}

impl TestUser {
    /// A member of a test tenant; the same `upn` is always the same account.
    pub fn new(upn: &str) -> TestUser {
        let username = upn.to_lowercase();
        let mut claims = Map::new();
        claims.insert("tid".to_owned(), json!(TENANT));
        claims.insert("oid".to_owned(), json!(object_id(&username)));
        claims.insert("preferred_username".to_owned(), json!(upn));
        TestUser {
            email: username.contains('@').then(|| username.clone()),
            username,
            first_name: String::new(),
            last_name: String::new(),
            is_staff: false,
            is_superuser: false,
            site: None,
            claims,
        }
    }

    /// First and last name.
    pub fn named(mut self, first: &str, last: &str) -> TestUser {
        first.clone_into(&mut self.first_name);
        last.clone_into(&mut self.last_name);
        self
    }

    /// One more app role, in the claim `roles`. It counts, as in the one tenant of an application.
    pub fn role(self, role: &str) -> TestUser {
        self.one_more("roles", role)
    }

    /// One more group, by its object id, in the claim `groups`. It counts like a role.
    pub fn group(self, id: &str) -> TestUser {
        self.one_more("groups", id)
    }

    /// A claim of the ID token.
    pub fn claim(mut self, name: &str, value: Value) -> TestUser {
        self.claims.insert(name.to_owned(), value);
        self
    }

    /// A member of the staff.
    pub fn staff(mut self) -> TestUser {
        self.is_staff = true;
        self
    }

    /// A superuser.
    pub fn superuser(mut self) -> TestUser {
        self.is_superuser = true;
        self
    }

    /// At the site with this `domain`, in place of the default one: [`TestUser::cookie`] begins a session there.
    pub fn at_site(mut self, domain: &str) -> TestUser {
        self.site = Some(domain.to_ascii_lowercase());
        self
    }

    /// What a handler's argument would be.
    #[must_use]
    pub fn signed_in(&self) -> SignedIn {
        let now = Timestamp::from_unix(0);
        let user = self.draft(now).into_user(UserId::new(&self.username), self.username.clone());
        let session = SessionData {
            owner: Arc::new(Owner {
                instance: String::new(),
                site: self.site.clone().unwrap_or_else(|| DEFAULT.to_owned()),
                client_id: String::new(),
                authority: "test".to_owned(),
            }),
            user,
            site_staff: false,
            backend: None,
            roles: self.roles(),
            proof: Proof::of(&self.claims, true, now.plus(Duration::from_hours(1))),
            answers: None,
            rechecks: 0,
            user_checked_at: now,
            sid: None,
            subject: None,
            created_at: now,
            idle_age: Duration::from_hours(1),
            absolute_deadline: now.plus(Duration::from_hours(1)),
            claims: self.claims.clone(),
            id_token: None,
            tokens: None,
        };
        SignedIn::new(Arc::new(session), Asker::nobody())
    }

    /// Begins a real session, in the stores of `sso`, and gives the value of the `Cookie` header that brings it.
    ///
    /// # Errors
    /// The stores'.
    ///
    /// # Panics
    /// When the settings have no `[[site]]` with the domain of [`TestUser::at_site`].
    pub async fn cookie(&self, sso: &EntraSso) -> Result<HeaderValue, StoreError> {
        let context = sso.context();
        let name = self.site.as_deref().unwrap_or(DEFAULT);
        let site = context.sites.named(name).unwrap_or_else(|| panic!("there is no site {name:?} in the settings"));
        let user = self.stored(sso).await?;
        let beginning = Beginning {
            owner: site.main().owner(),
            user,
            site_staff: false,
            backend: None,
            roles: self.roles(),
            earlier: None,
            answers: None,
            sid: None,
            subject: None,
            claims: self.claims.clone(),
            id_token: None,
            tokens: None,
        };
        let id = establish::begin(context, site, beginning).await?;
        let settings = &site.settings;
        let is_public = settings.callback_domain.as_ref().is_some_and(|domain| !domain.is_loopback());
        let https = settings.public_url.as_ref().map_or(is_public, |url| url.scheme() == "https");
        let cookies = context.cookies.over(https);
        let set = cookies.set_session(&id, site.settings.session_cookie_age);
        let pair = set.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
        Ok(HeaderValue::from_bytes(pair).expect("a part of a header's value is one"))
    }

    /// The user in the application's store, as this test wants him.
    async fn stored(&self, sso: &EntraSso) -> Result<User, StoreError> {
        let context = sso.context();
        let user = match context.users.create(self.draft(context.clock.now())).await? {
            Created::New(user) => return Ok(user),
            Created::Existing(user) => user,
            Created::AddressTaken => return Err(StoreError::corrupt("an address that nobody asked to be unique")),
        };
        let mut update = UserUpdate::of(user.id.clone());
        update.staff = GrantChange::set(Grant::Application, self.is_staff);
        update.superuser = GrantChange::set(Grant::Application, self.is_superuser);
        Ok(context.users.update(update).await?.into_user().unwrap_or(user))
    }

    fn one_more(mut self, claim: &str, value: &str) -> TestUser {
        if let Value::Array(values) = self.claims.entry(claim).or_insert_with(|| json!([])) {
            values.push(json!(value));
        }
        self
    }

    /// What the claims of the one tenant come to.
    fn roles(&self) -> Roles {
        let texts = |claim: &str| {
            let values = self.claims.get(claim).and_then(Value::as_array).into_iter().flatten();
            values.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let tenant = self.claims.get("tid").and_then(Value::as_str).and_then(|tenant| Guid::parse(tenant).ok());
        let groups = texts("groups").iter().filter_map(|group| Guid::parse(group).ok()).collect();
        tenant.map_or_else(Roles::nobodys, |tenant| Roles::new(tenant, true, texts("roles"), groups))
    }

    fn draft(&self, now: Timestamp) -> NewUser {
        let text = |name: &str| self.claims.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let key = AccountKey::new(AccountKind::Entra, text("tid"), text("oid"));
        let mut user = NewUser::new(self.username.clone(), now);
        user.first_name.clone_from(&self.first_name);
        user.last_name.clone_from(&self.last_name);
        user.email.clone_from(&self.email);
        user.staff = GrantChange::set(Grant::Application, self.is_staff).give;
        user.superuser = GrantChange::set(Grant::Application, self.is_superuser).give;
        user.account = Some(MicrosoftAccount::new(key));
        user
    }
}

/// The same GUID for the same name: a hash in the form of a version 8 UUID (RFC 9562 section 5.8).
fn object_id(name: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, name.as_bytes());
    let mut id = String::with_capacity(36);
    for (place, byte) in hash.as_ref().iter().take(16).enumerate() {
        let byte = match place {
            6 => byte & 0x0f | 0x80,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        let hyphen = if matches!(place, 4 | 6 | 8 | 10) { "-" } else { "" };
        // Writing into a `String` cannot fail.
        let _ = write!(id, "{hyphen}{byte:02x}");
    }
    id
}
