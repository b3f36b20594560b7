//! A request for a managed identity's token.

use crate::call::Call;
use crate::directory::{Directory, ManagedIdentity};

use super::token::{Issued, Target, issue};

/// Why there is no token.
pub(super) struct Problem {
    pub(super) error: &'static str,
    pub(super) text: String,
}

impl Problem {
    fn request(text: &str) -> Self {
        Self { error: "invalid_request", text: text.to_owned() }
    }
}

/// The token that a request names; `resource_id` is the parameter for an Azure resource id.
pub(super) fn ask(call: &Call<'_>, resource_id: &str) -> Result<Issued, Problem> {
    let directory = call.service.directory.read();
    let resource = call.query.get("resource");
    let resource = resource.ok_or_else(|| Problem::request("Required query variable 'resource' is missing"))?;
    let identity = identity(call, &directory, resource_id)?;
    let target = Target::of(resource, call.service.cloud, &directory)
        .map_err(|refusal| Problem { error: "invalid_resource", text: call.trace().description(&refusal) })?;
    Ok(issue(call, identity, &target, resource))
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
