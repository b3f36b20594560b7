//! Metadata, keys, and what time it is there.

use entra_oidc::{EntraClient, Probe, SignInError, SignInErrorKind};

use super::{LiveCheck, LiveLine};
use crate::context::Context;

pub(super) async fn check(client: &EntraClient, context: &Context) -> Vec<LiveLine> {
    match client.probe().await {
        Ok(probe) => answered(client, &probe, context),
        Err(error) => did_not(client, &error),
    }
}

fn answered(client: &EntraClient, probe: &Probe, context: &Context) -> Vec<LiveLine> {
    let tenant = probe.tenant.map_or_else(String::new, |tenant| format!(" (tenant {tenant})"));
    let keys = if probe.keys == 1 { "1 usable key".to_owned() } else { format!("{} usable keys", probe.keys) };
    vec![
        LiveLine::passed(LiveCheck::Discovery, format!("{}{tenant}", place(client))),
        LiveLine::passed(LiveCheck::Keys, keys),
        clock(probe, context),
    ]
}

/// Half of what is tolerated is already worth a look: the other half is Microsoft's.
fn clock(probe: &Probe, context: &Context) -> LiveLine {
    let Some(date) = probe.date else {
        return LiveLine::not_checked(LiveCheck::Clock, "the answer has no header `Date`");
    };
    let skew = probe.now.since(date).max(date.since(probe.now));
    let direction = if probe.now >= date { "ahead of" } else { "behind" };
    let detail = format!("this machine's clock is {} s {direction} the authority's", skew.as_secs());
    match context.settings.clock_skew {
        tolerated if skew > tolerated => {
            LiveLine::failed(LiveCheck::Clock, format!("{detail}; `clock_skew` is {} s", tolerated.as_secs()))
        }
        tolerated if skew > tolerated / 2 => LiveLine::warning(LiveCheck::Clock, detail),
        _ => LiveLine::passed(LiveCheck::Clock, detail),
    }
}

/// Keys are asked for after metadata, so an error about them says that metadata was fine.
fn did_not(client: &EntraClient, error: &SignInError) -> Vec<LiveLine> {
    let is_about_keys = matches!(error.kind(), SignInErrorKind::KeysUnreachable | SignInErrorKind::KeysInvalid);
    let failed = |check| LiveLine::failed(check, error.to_string()).cured_by(error.entry().remedy);
    let clock = LiveLine::not_checked(LiveCheck::Clock, "there is no answer with a time in it");
    if is_about_keys {
        return vec![LiveLine::passed(LiveCheck::Discovery, place(client)), failed(LiveCheck::Keys), clock];
    }
    let keys = LiveLine::not_checked(LiveCheck::Keys, "the metadata does not say where they are");
    vec![failed(LiveCheck::Discovery), keys, clock]
}

fn place(client: &EntraClient) -> String {
    client.authority().metadata_url().to_string()
}
