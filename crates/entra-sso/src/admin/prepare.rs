//! `/prepare/`: a user who has not come yet, known by account or by the name that he will sign in with.

use std::collections::BTreeMap;

use axum::response::Response;
use entra_oidc::{AccountKey, AccountKind, Guid};
use http::StatusCode;
use minijinja::context;

use super::{
    desk::{Changing, Desk},
    form::{Form, LONGEST_FIELD},
};
use crate::{
    message::Level,
    refusal::Refusal,
    users::{Created, MicrosoftAccount, NewUser, UserId, address::Address},
};

const FIELDS: [&str; 6] = ["tenant", "object_id", "upn", "first_name", "last_name", "email"];

/// What is wrong with a field: its name, and the name of the text that says it.
type Faults = BTreeMap<&'static str, &'static str>;

pub(super) async fn show(desk: Desk) -> Response {
    let judged = desk.superuser("prepare a user");
    // Most accounts are of the organisation that the application belongs to.
    let tenant = desk.site().main().client().authority().pinned_tenant().map(|tenant| tenant.to_string());
    let form = tenant.map_or_else(Form::default, |tenant| Form::of("tenant", tenant));
    desk.answer(judged.map(|()| page(&desk, StatusCode::OK, &form, &Faults::new())))
}

pub(super) async fn prepare(changing: Changing) -> Response {
    let Changing { desk, form } = changing;
    desk.answer(create(&desk, &form).await)
}

async fn create(desk: &Desk, form: &Form) -> Result<Response, Refusal> {
    let nobody = UserId::new("");
    desk.superuser("prepare a user").inspect_err(|_| desk.audit("prepare", &nobody, "denied"))?;
    form.only(&FIELDS).inspect_err(|_| desk.audit("prepare", &nobody, "denied"))?;
    let new = match draft(desk, form) {
        Ok(new) => new,
        Err(faults) => return Ok(page(desk, StatusCode::UNPROCESSABLE_ENTITY, form, &faults)),
    };
    let wanted = new.invitation.clone();
    let faulty = |name, text| Ok(page(desk, StatusCode::UNPROCESSABLE_ENTITY, form, &Faults::from([(name, text)])));
    match desk.context().users.create(new).await? {
        Created::AddressTaken => faulty("email", "fault_email_taken"),
        Created::Existing(user) => {
            let text = desk.texts.say("known_prepare", &[("name", &user.full_name())]);
            Ok(desk.see_other(&desk.place.user(&user.id), Level::Info, text))
        }
        // The name is another user's: one who cannot be claimed is of no use.
        Created::New(user) if user.invitation != wanted => {
            let _gone = desk.directory.delete(&user.id, true).await?;
            faulty("upn", "fault_upn_taken")
        }
        Created::New(user) => {
            desk.audit("prepare", &user.id, "done");
            let text = desk.texts.say("done_prepare", &[("name", &user.full_name())]);
            Ok(desk.see_other(&desk.place.user(&user.id), Level::Success, text))
        }
    }
}

/// The user that the form describes, or what is wrong with it.
fn draft(desk: &Desk, form: &Form) -> Result<NewUser, Faults> {
    let mut faults = Faults::new();
    // The tenant alone stood there already.
    let has_account = !form.value("object_id").is_empty();
    let key = has_account.then(|| account_key(desk, form, &mut faults)).flatten();
    let upn = address(form, "upn", &mut faults);
    let email = address(form, "email", &mut faults);
    if has_account != form.value("upn").is_empty() {
        faults.insert("upn", "fault_either");
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let username = match (&upn, &email, &key) {
        (Some(name), ..) | (None, Some(name), _) => name.clone(),
        (None, None, Some(key)) => format!("{}@{}", key.subject(), key.tenant()),
        (None, None, None) => return Err(Faults::from([("upn", "fault_either")])),
    };
    let context = desk.context();
    let mut new = NewUser::new(username, context.clock.now());
    new.account = key.map(MicrosoftAccount::new);
    new.invitation = upn;
    new.email = email;
    form.value("first_name").clone_into(&mut new.first_name);
    form.value("last_name").clone_into(&mut new.last_name);
    new.unique_email = context.settings.unique_email;
    Ok(new)
}

fn account_key(desk: &Desk, form: &Form, faults: &mut Faults) -> Option<AccountKey> {
    let kind = kind(desk);
    let tenant = guid(form.value("tenant"));
    if tenant.is_none() {
        faults.insert("tenant", "fault_guid");
    }
    let subject = match kind {
        AccountKind::Entra => guid(form.value("object_id")),
        _ => Some(form.value("object_id").to_owned()).filter(|subject| !subject.is_empty()),
    };
    if subject.is_none() {
        faults.insert("object_id", if kind == AccountKind::Entra { "fault_guid" } else { "fault_subject" });
    }
    Some(AccountKey::new(kind, tenant?, subject?))
}

/// As tokens write it.
fn guid(text: &str) -> Option<String> {
    Guid::parse(text).ok().map(|guid| guid.to_string())
}

/// Which rule makes the accounts of the authority.
fn kind(desk: &Desk) -> AccountKind {
    if desk.site().settings.b2c_tenant_name.is_some() { AccountKind::B2c } else { AccountKind::Entra }
}

/// The address in lower case; none for an empty field.
fn address(form: &Form, name: &'static str, faults: &mut Faults) -> Option<String> {
    let given = form.value(name);
    if given.is_empty() {
        return None;
    }
    let address = Address::parse(given).map(|address| address.as_str().to_owned());
    if address.is_none() {
        faults.insert(name, "fault_address");
    }
    address
}

/// The form, with what was given and what is wrong with it.
fn page(desk: &Desk, status: StatusCode, form: &Form, faults: &Faults) -> Response {
    let given: BTreeMap<&str, String> = FIELDS.into_iter().map(|name| (name, form.value(name).to_owned())).collect();
    let faults: BTreeMap<&str, String> = faults.iter().map(|(name, text)| (*name, desk.texts.say(text, &[]))).collect();
    let label = if kind(desk) == AccountKind::Entra { "object_id" } else { "subject" };
    let values = context! {
        given, faults,
        longest => LONGEST_FIELD,
        object_id_label => desk.texts.say(label, &[]),
    };
    desk.page(status, ("prepare", "prepare.html"), values)
}
