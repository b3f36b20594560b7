//! What must hold of tenants, and of those for customers.

use std::collections::BTreeSet;

use crate::directory::Directory;
use crate::directory::audience::Audience;
use crate::directory::b2c::B2c;
use crate::directory::error::DirectoryError;
use crate::directory::tenant::{Tenant, TenantKind};

use super::value::{guid, unique, value};

/// The longest name of a user flow, in characters.
const LONGEST_FLOW: usize = 64;

pub(super) fn check(directory: &Directory) -> Result<(), DirectoryError> {
    let mut seen = BTreeSet::new();
    for tenant in &directory.tenants {
        let at = |key: &str| format!("tenant {}, {key}", tenant.name);
        guid(&tenant.id, || at("id"))?;
        unique(&mut seen, tenant.id.clone(), || at("id"))?;
        for domain in &tenant.domains {
            if domain.is_empty() || domain.contains(|c: char| c.is_whitespace() || c == '@' || c == '/') {
                return Err(value(at("domains"), format!("{domain:?} is not a domain")));
            }
            unique(&mut seen, domain.to_ascii_lowercase(), || at("domains"))?;
        }
        match &tenant.kind {
            TenantKind::Workforce => {}
            TenantKind::ExternalId { subdomain } => {
                label(subdomain, || at("external_id"))?;
                unique(&mut seen, format!("{subdomain}.ciamlogin.com"), || at("external_id"))?;
            }
            TenantKind::B2c(b2c) => {
                label(&b2c.name, || at("b2c"))?;
                unique(&mut seen, format!("{}.b2clogin.com", b2c.name), || at("b2c"))?;
                user_flows(b2c, || at("user_flow"))?;
            }
        }
    }
    Ok(())
}

/// Customers belong to customers' tenants, and the applications there are for one tenant.
pub(super) fn check_customers(directory: &Directory) -> Result<(), DirectoryError> {
    let for_customers = |id: &str| directory.tenant(id).is_some_and(Tenant::is_for_customers);
    let mut strays = directory.users.iter().filter(|user| user.is_customer() && !for_customers(&user.tenant));
    if let Some(user) = strays.next() {
        let at = format!("user {}, tenant", user.upn);
        return Err(value(at, "a customer belongs to an External ID or B2C tenant".to_owned()));
    }
    for app in directory.apps.iter().filter(|app| for_customers(&app.tenant)) {
        if app.audience != Audience::SingleTenant {
            let at = format!("app {}, audience", app.name);
            return Err(value(at, "an application for customers is for one tenant".to_owned()));
        }
    }
    Ok(())
}

fn user_flows(b2c: &B2c, at: impl Fn() -> String) -> Result<(), DirectoryError> {
    let mut seen = BTreeSet::new();
    for flow in &b2c.user_flows {
        let lower = flow.name.to_ascii_lowercase();
        let known = lower.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if !lower.starts_with("b2c_") || !known || lower.len() > LONGEST_FLOW {
            let message = format!(
                "{:?} is not a user flow's name: it begins with b2c_ and has at most {LONGEST_FLOW} letters, digits, _ or -",
                flow.name
            );
            return Err(value(at(), message));
        }
        unique(&mut seen, lower, &at)?;
    }
    Ok(())
}

/// The first part of a host name.
fn label(text: &str, at: impl Fn() -> String) -> Result<(), DirectoryError> {
    let known = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let good = known && !text.is_empty() && text.len() <= 63 && !text.starts_with('-') && !text.ends_with('-');
    if good { Ok(()) } else { Err(value(at(), format!("{text:?} cannot be the first part of a host name"))) }
}
