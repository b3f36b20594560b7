//! A user object.

use bytes::Bytes;
use serde::Serialize;

use super::tenant::PERSONAL_ACCOUNTS;

/// An account as one tenant sees it. A guest has an object in the host tenant and, if that is in the directory too,
/// another one at home.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct User {
    /// Object id, a GUID; `oid`.
    pub id: String,
    /// The GUID of the tenant that holds this object; `tid`.
    pub tenant: String,
    /// User principal name in that tenant. A guest's has the form `name_home.example#EXT#@host.example`.
    pub upn: String,
    /// Member, guest, personal account or customer.
    pub kind: UserKind,
    /// `name` and Graph's `displayName`.
    pub display_name: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub surname: Option<String>,
    /// Mail address; any administrator can write any address here.
    pub mail: Option<String>,
    /// Such as `en-US`.
    pub preferred_language: Option<String>,
    /// Graph's `jobTitle`.
    pub job_title: Option<String>,
    /// Graph's `officeLocation`.
    pub office_location: Option<String>,
    /// Graph's `mobilePhone`.
    pub mobile_phone: Option<String>,
    /// Graph's `birthday`, such as `1990-04-01T00:00:00Z`; only sent when selected.
    pub birthday: Option<String>,
    /// The profile photo.
    pub photo: Option<Photo>,
    /// `false`: sign-in is refused with AADSTS50057.
    pub enabled: bool,
    /// Refresh tokens made before this time (Unix seconds) are refused with AADSTS50173.
    pub tokens_valid_from: i64,
}

/// What kind of account a [`User`] is.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UserKind {
    /// Belongs to the tenant.
    Member,
    /// Signs in elsewhere and was invited.
    Guest {
        /// The name typed at sign-in: the home account's UPN, or a mail address.
        signs_in_as: String,
    },
    /// A personal Microsoft account.
    Personal,
    /// Signed up, or was entered, in an External ID or B2C tenant.
    Customer {
        /// The mail address typed at sign-in.
        signs_in_as: String,
        /// The social identity provider that the account comes from, such as `live.com`; absent: a local account.
        identity_provider: Option<String>,
    },
}

impl User {
    /// A member of a tenant. `name` is the display name; its first and last word become first and last name.
    #[must_use]
    pub fn member(id: &str, tenant_id: &str, upn: &str, name: &str) -> Self {
        let (given_name, surname) = match name.split_once(' ') {
            Some((given_name, surname)) => (Some(given_name.to_owned()), Some(surname.to_owned())),
            None => (None, None),
        };
        Self {
            id: id.to_ascii_lowercase(),
            tenant: tenant_id.to_ascii_lowercase(),
            upn: upn.to_owned(),
            kind: UserKind::Member,
            display_name: Some(name.to_owned()),
            given_name,
            surname,
            mail: None,
            preferred_language: None,
            job_title: None,
            office_location: None,
            mobile_phone: None,
            birthday: None,
            photo: None,
            enabled: true,
            tokens_valid_from: 0,
        }
    }

    /// A guest in `tenant_id` who signs in as `signs_in_as`. The UPN in the host tenant is
    /// `{signs_in_as with _ for @}#EXT#@{domain}`; the mail address is `signs_in_as`.
    #[must_use]
    pub fn guest(id: &str, tenant_id: &str, domain: &str, signs_in_as: &str, name: &str) -> Self {
        let upn = format!("{}#EXT#@{domain}", signs_in_as.replace('@', "_"));
        let kind = UserKind::Guest { signs_in_as: signs_in_as.to_owned() };
        Self { kind, mail: Some(signs_in_as.to_owned()), ..Self::member(id, tenant_id, &upn, name) }
    }

    /// A personal account with the given 16 hexadecimal digits, from which its object id is made.
    #[must_use]
    pub fn personal(digits: &str, address: &str, name: &str) -> Self {
        let (head, tail) = digits.split_at_checked(4).unwrap_or((digits, ""));
        let id = format!("00000000-0000-0000-{head}-{tail}");
        let mail = Some(address.to_owned());
        Self { kind: UserKind::Personal, mail, ..Self::member(&id, PERSONAL_ACCOUNTS, address, name) }
    }

    /// A customer with a local account in an External ID or B2C tenant; `domain` is the tenant's. The UPN is
    /// `{id}@{domain}`, the mail address the one that is typed at sign-in.
    #[must_use]
    pub fn customer(id: &str, tenant_id: &str, domain: &str, address: &str, name: &str) -> Self {
        let upn = format!("{}@{domain}", id.to_ascii_lowercase());
        let kind = UserKind::Customer { signs_in_as: address.to_owned(), identity_provider: None };
        Self { kind, mail: Some(address.to_owned()), ..Self::member(id, tenant_id, &upn, name) }
    }

    /// From this social identity provider, if it is a customer.
    #[must_use]
    pub fn identity_provider(mut self, name: &str) -> Self {
        if let UserKind::Customer { identity_provider, .. } = &mut self.kind {
            *identity_provider = Some(name.to_owned());
        }
        self
    }

    /// With this mail address.
    #[must_use]
    pub fn mail(mut self, mail: &str) -> Self {
        self.mail = Some(mail.to_owned());
        self
    }

    /// With this preferred language.
    #[must_use]
    pub fn language(mut self, tag: &str) -> Self {
        self.preferred_language = Some(tag.to_owned());
        self
    }

    /// With this photo.
    #[must_use]
    pub fn photo(mut self, photo: Photo) -> Self {
        self.photo = Some(photo);
        self
    }

    /// The name that is typed, or picked, at sign-in.
    #[must_use]
    pub fn signs_in_as(&self) -> &str {
        match &self.kind {
            UserKind::Guest { signs_in_as } | UserKind::Customer { signs_in_as, .. } => signs_in_as,
            UserKind::Member | UserKind::Personal => &self.upn,
        }
    }

    /// Whether this is a guest's object.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        matches!(self.kind, UserKind::Guest { .. })
    }

    /// Whether this is a customer's object.
    #[must_use]
    pub fn is_customer(&self) -> bool {
        matches!(self.kind, UserKind::Customer { .. })
    }

    /// The social identity provider that a customer's account comes from.
    #[must_use]
    pub fn social(&self) -> Option<&str> {
        match &self.kind {
            UserKind::Customer { identity_provider, .. } => identity_provider.as_deref(),
            UserKind::Member | UserKind::Guest { .. } | UserKind::Personal => None,
        }
    }

    /// Whether this is a personal Microsoft account.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        self.tenant == PERSONAL_ACCOUNTS
    }
}

/// A profile photo.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Photo {
    /// A picture that the emulator draws for this user, PNG, in any size.
    Drawn,
    /// These bytes, whatever the size asked for.
    File {
        /// The media type that Graph names.
        content_type: String,
        /// The picture.
        #[serde(skip)]
        bytes: Bytes,
    },
}

impl Photo {
    /// A picture from a file's bytes.
    #[must_use]
    pub fn file(content_type: &str, bytes: impl Into<Bytes>) -> Self {
        Self::File { content_type: content_type.to_owned(), bytes: bytes.into() }
    }

    /// So many bytes that begin as a JPEG does and go on with zeros, at least three.
    #[must_use]
    pub fn jpeg_of(size: usize) -> Self {
        let mut bytes = vec![0xFF, 0xD8, 0xFF];
        bytes.resize(size.max(bytes.len()), 0);
        Self::file("image/jpeg", bytes)
    }
}
