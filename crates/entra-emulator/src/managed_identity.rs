//! Managed identities as a virtual machine (IMDS) and App Service give them out.

mod exchange;
mod token;

use serde_json::{Value, json};

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::chance;
use crate::directory::{Directory, ManagedIdentity};
use crate::service::Service;

pub(crate) use self::exchange::audience_name;
use self::token::{Issued, Target};

/// What App Service puts into the environment.
pub(crate) fn environment(service: &Service) -> [(&'static str, String); 2] {
    let endpoint = format!("{}/msi/token", service.hosts.canonical_base());
    [("IDENTITY_ENDPOINT", endpoint), ("IDENTITY_HEADER", service.identity_header.as_str().to_owned())]
}

/// `GET /metadata/identity/oauth2/token`: the instance metadata service of a virtual machine.
pub(crate) fn virtual_machine(call: &Call<'_>) -> Answer {
    let refuse = |error: &str, description: &str| {
        answer::json(400, &json!({ "error": error, "error_description": description }))
    };
    if !call.header("metadata").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return refuse("invalid_request", "Required metadata header not specified");
    }
    // A proxy in between, or a request that somebody made this machine send.
    if call.header("x-forwarded-for").is_some() {
        return refuse("invalid_request", "Header X-Forwarded-For is not allowed");
    }
    if !call.query.get("api-version").is_some_and(is_version) {
        let versions = ["2018-02-01", "2019-08-01", "2021-02-01"];
        let text = "Bad request. api-version is invalid or was not specified in the request.";
        return answer::json(400, &json!({ "error": text, "newest-versions": versions }));
    }
    match ask(call, "msi_res_id") {
        Ok(issued) => answer::json(200, &issued.virtual_machine(call)),
        Err(Problem { error, text }) => refuse(error, &text),
    }
}

/// `GET /msi/token`: the identity endpoint of App Service, Functions and Container Apps.
pub(crate) fn app_service(call: &Call<'_>) -> Answer {
    let refuse = |status: u16, message: &str| {
        answer::json(status, &json!({ "statusCode": status, "message": message, "correlationId": chance::guid() }))
    };
    let sent = call.header("x-identity-header").unwrap_or_default();
    if !call.service.identity_header.is(sent) {
        return refuse(401, "The header X-IDENTITY-HEADER is missing or wrong.");
    }
    if call.query.get("api-version") != Some("2019-08-01") {
        return refuse(400, "The api-version is missing or not supported; use 2019-08-01.");
    }
    match ask(call, "mi_res_id") {
        Ok(issued) => answer::json(200, &issued.app_service()),
        Err(Problem { text, .. }) => refuse(400, &text),
    }
}

/// Why there is no token.
struct Problem {
    error: &'static str,
    text: String,
}

impl Problem {
    fn request(text: &str) -> Self {
        Self { error: "invalid_request", text: text.to_owned() }
    }
}

fn ask(call: &Call<'_>, resource_id: &str) -> Result<Issued, Problem> {
    let directory = call.service.directory.read();
    let resource = call.query.get("resource");
    let resource = resource.ok_or_else(|| Problem::request("Required query variable 'resource' is missing"))?;
    let identity = identity(call, &directory, resource_id)?;
    let target = Target::of(resource, call.service.cloud, &directory)
        .map_err(|refusal| Problem { error: "invalid_resource", text: call.trace().description(&refusal) })?;
    Ok(token::issue(call, identity, &target, resource))
}

/// The identity that the request names; the only one when it names none.
fn identity<'a>(call: &Call<'_>, directory: &'a Directory, resource_id: &str) -> Result<&'a ManagedIdentity, Problem> {
    let same =
        |parameter: &str, known: &str| call.query.get(parameter).is_some_and(|asked| asked.eq_ignore_ascii_case(known));
    let named = |identity: &&ManagedIdentity| {
        same("client_id", &identity.client_id)
            || same("object_id", &identity.id)
            || same("principal_id", &identity.id)
            || same(resource_id, &identity.resource_id())
    };
    let parameters = ["client_id", "object_id", "principal_id", resource_id];
    if parameters.iter().any(|parameter| call.query.get(parameter).is_some()) {
        let found = directory.managed_identities.iter().find(named);
        return found.ok_or_else(|| Problem::request("Identity not found"));
    }
    match directory.managed_identities.as_slice() {
        [only] => Ok(only),
        [] => Err(Problem::request("Identity not found")),
        _ => Err(Problem::request(
            "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in \
             the token request",
        )),
    }
}

/// A date from the first version on.
fn is_version(text: &str) -> bool {
    let shape = |(index, byte): (usize, u8)| if matches!(index, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(shape) && text >= "2018-02-01"
}

impl Issued {
    fn virtual_machine(&self, call: &Call<'_>) -> Value {
        let now = call.now();
        json!({
            "access_token": self.token,
            "client_id": self.client_id,
            "expires_in": (self.expires - now).to_string(),
            "expires_on": self.expires.to_string(),
            "ext_expires_in": (self.expires - now).to_string(),
            "not_before": (now - token::BACKDATED).to_string(),
            "resource": self.resource,
            "token_type": "Bearer",
        })
    }

    fn app_service(&self) -> Value {
        json!({
            "access_token": self.token,
            "client_id": self.client_id,
            "expires_on": self.expires.to_string(),
            "resource": self.resource,
            "token_type": "Bearer",
        })
    }
}
