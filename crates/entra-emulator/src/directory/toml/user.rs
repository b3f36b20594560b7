//! A user as TOML has it.

use serde::Deserialize;
use toml::Spanned;

use crate::directory::error::DirectoryError;
use crate::directory::tenant::{PERSONAL_ACCOUNTS, Tenant};
use crate::directory::user::{Photo, User, UserKind};

use super::reader::Reader;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenUser {
    id: String,
    tenant: Option<Spanned<String>>,
    upn: Spanned<String>,
    name: String,
    guest: Option<String>,
    #[serde(default)]
    personal: bool,
    /// The social provider of a customer's account.
    identity_provider: Option<Spanned<String>>,
    given_name: Option<String>,
    surname: Option<String>,
    mail: Option<String>,
    language: Option<String>,
    job_title: Option<String>,
    office_location: Option<String>,
    mobile_phone: Option<String>,
    birthday: Option<String>,
    photo: Option<WrittenPhoto>,
    enabled: Option<bool>,
}

/// `true`, `{ type = "image/svg+xml", text = "<svg/>" }` or `{ size = 4194304 }`.
#[derive(Deserialize)]
#[serde(untagged, expecting = "photo: expected true, { type, text } or { size }")]
enum WrittenPhoto {
    Drawn(bool),
    Text(PhotoText),
    Size(PhotoSize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhotoText {
    r#type: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhotoSize {
    size: usize,
}

impl WrittenPhoto {
    fn read(self) -> Option<Photo> {
        match self {
            Self::Drawn(drawn) => drawn.then_some(Photo::Drawn),
            Self::Text(PhotoText { r#type, text }) => Some(Photo::file(&r#type, text)),
            Self::Size(PhotoSize { size }) => Some(Photo::jpeg_of(size)),
        }
    }
}

impl Reader<'_> {
    pub(super) fn user(&mut self, written: WrittenUser) -> Result<(), DirectoryError> {
        let mut user = self.account(&written)?;
        user.given_name = written.given_name.or(user.given_name);
        user.surname = written.surname.or(user.surname);
        user.mail = written.mail.or(user.mail);
        user.preferred_language = written.language;
        user.job_title = written.job_title;
        user.office_location = written.office_location;
        user.mobile_phone = written.mobile_phone;
        user.birthday = written.birthday;
        user.photo = written.photo.and_then(WrittenPhoto::read);
        user.enabled = written.enabled.unwrap_or(true);
        self.directory.users.push(user);
        Ok(())
    }

    /// Who it is: in a customers' tenant a customer, else a member, a guest or a personal account.
    fn account(&self, written: &WrittenUser) -> Result<User, DirectoryError> {
        let upn_at = written.upn.span().start;
        let upn: &str = written.upn.as_ref();
        let tenant = match (&written.tenant, written.personal) {
            (None, true) => PERSONAL_ACCOUNTS.to_owned(),
            (Some(tenant), false) => self.tenant(tenant)?,
            (Some(tenant), true) => {
                return Err(self.at(tenant.span().start, "tenant: a personal account has no tenant".to_owned()));
            }
            (None, false) => {
                let message = "tenant: is missing (or say `personal = true`)".to_owned();
                return Err(self.at(upn_at, message));
            }
        };
        if let Some(customers) = self.directory.tenant(&tenant).filter(|tenant| tenant.is_for_customers()) {
            return Ok(customer(written, customers, upn));
        }
        if let Some(provider) = &written.identity_provider {
            let message = "identity_provider: only customers of an External ID or B2C tenant have one".to_owned();
            return Err(self.at(provider.span().start, message));
        }
        let mut user = User::member(&written.id, &tenant, upn, &written.name);
        user.kind = match &written.guest {
            Some(_) if written.personal => {
                return Err(self.at(upn_at, "guest: a personal account is no guest in its own tenant".to_owned()));
            }
            Some(signs_in_as) => UserKind::Guest { signs_in_as: signs_in_as.clone() },
            None if written.personal => UserKind::Personal,
            None => UserKind::Member,
        };
        Ok(user)
    }
}

/// `upn` is the address that is typed.
fn customer(written: &WrittenUser, tenant: &Tenant, address: &str) -> User {
    let domain = tenant.domains.first().map(String::as_str).unwrap_or_default();
    let user = User::customer(&written.id, &tenant.id, domain, address, &written.name);
    match &written.identity_provider {
        Some(provider) => user.identity_provider(provider.as_ref()),
        None => user,
    }
}
