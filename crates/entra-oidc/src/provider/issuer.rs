use crate::guid::Guid;

/// What stands in a published issuer in place of the tenant's id.
const PLACE: &str = "{tenantid}";

/// An issuer with places for the tenant's id, such as `https://login.microsoftonline.com/{tenantid}/v2.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IssuerTemplate(String);

impl IssuerTemplate {
    pub(super) const fn new(text: String) -> Self {
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The tenant that an issuer of this form names, written in lower case.
    pub(super) fn tenant_of(&self, issuer: &str) -> Option<Guid> {
        let at = self.0.find(PLACE)?;
        let segment = issuer.get(at..at + 36)?;
        let tenant = Guid::read(segment).filter(|tenant| tenant.is_written(segment))?;
        fills(&self.0, segment, issuer).then_some(tenant)
    }

    /// Whether `issuer` is this with `tenant` in each place, byte for byte.
    pub(super) fn fills(&self, tenant: &str, issuer: &str) -> bool {
        fills(&self.0, tenant, issuer)
    }
}

/// Whether `text` is `template` with `tenant` in each place, or `template` itself when it has none.
pub(super) fn fills(template: &str, tenant: &str, text: &str) -> bool {
    let mut pieces = template.split(PLACE);
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else { return false };
    for piece in pieces {
        match rest.strip_prefix(tenant).and_then(|rest| rest.strip_prefix(piece)) {
            Some(after) if !tenant.is_empty() => rest = after,
            _ => return false,
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "8f1c1f6a-0000-4000-8000-000000000001";

    #[test]
    fn t8_t9_every_byte_and_every_place_counts() {
        let entra = "https://login.microsoftonline.com/{tenantid}/v2.0";
        let external = "https://{tenantid}.ciamlogin.com/{tenantid}/v2.0";
        let other = "8f1c1f6a-0000-4000-8000-000000000002";
        for (template, text, expected) in [
            (entra, format!("https://login.microsoftonline.com/{TENANT}/v2.0"), true),
            (entra, format!("https://login.microsoftonline.com/{TENANT}/v2.0/"), false),
            (entra, format!("https://login.microsoftonline.com/{TENANT}"), false),
            (entra, format!("https://login.microsoftonline.com/{other}/v2.0"), false),
            (entra, format!("https://login.microsoftonline.com/{TENANT}{TENANT}/v2.0"), false),
            (entra, format!("https://login.microsoftonline.com/{}/v2.0", TENANT.to_uppercase()), false),
            (entra, entra.to_owned(), false),
            (external, format!("https://{TENANT}.ciamlogin.com/{TENANT}/v2.0"), true),
            (external, format!("https://{TENANT}.ciamlogin.com/{other}/v2.0"), false),
            (external, format!("https://{other}.ciamlogin.com/{TENANT}/v2.0"), false),
            ("https://a.example/", "https://a.example/".to_owned(), true),
            ("https://a.example/", "https://a.example".to_owned(), false),
        ] {
            assert_eq!(fills(template, TENANT, &text), expected, "{template} {text}");
            let named = template.contains(PLACE).then(|| IssuerTemplate::new(template.to_owned()).tenant_of(&text));
            let tenant = named.flatten().filter(|tenant| tenant.is_written(TENANT));
            assert_eq!(tenant.is_some(), expected && template.contains(PLACE), "{template} {text}");
        }
        assert!(!fills(entra, "", "https://login.microsoftonline.com//v2.0"), "no tenant fills nothing");
    }
}
