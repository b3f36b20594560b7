//! I11: whose address counts, as a table.

use super::*;
use crate::users::domain_rule::DomainRule;

const CONTOSO: &str = "11111111-1111-4111-8111-111111111111";
const FABRIKAM: &str = "22222222-2222-4222-8222-222222222222";
const EMAIL: &str = "token@contoso.example";
const MAIL: &str = "graph@contoso.example";
const UPN: &str = "upn@contoso.example";

fn guid(text: &str) -> Guid {
    Guid::parse(text).expect(text)
}

fn issuer(tenant: Guid) -> String {
    format!("https://login.microsoftonline.com/{tenant}/v2.0")
}

/// Who it is; the rule pins Contoso.
#[derive(Copy, Clone, Debug, PartialEq)]
enum Who {
    Member,
    /// `idp` names another tenant.
    GuestByIdp,
    /// `acct` is 1.
    GuestByAcct,
    /// `acct` is something unknown.
    UnknownAcct,
    /// `#EXT#` in the name that Graph has.
    GuestByGraphUpn,
    /// `#EXT#` in the token's `preferred_username`.
    GuestByPreferredUsername,
    PersonalAccount,
    ForeignTenant,
    /// A standard OpenID provider that emits Contoso's `tid` (I12).
    OtherProvider,
    /// Without `tid`.
    NoTenant,
}

const EVERYBODY: [Who; 10] = [
    Who::Member,
    Who::GuestByIdp,
    Who::GuestByAcct,
    Who::UnknownAcct,
    Who::GuestByGraphUpn,
    Who::GuestByPreferredUsername,
    Who::PersonalAccount,
    Who::ForeignTenant,
    Who::OtherProvider,
    Who::NoTenant,
];

struct Facts {
    issuer: String,
    tenant: Option<Guid>,
    who: Who,
}

impl Facts {
    fn of(who: Who) -> Self {
        let tenant = match who {
            Who::PersonalAccount => Some(Guid::PERSONAL_ACCOUNTS),
            Who::ForeignTenant => Some(guid(FABRIKAM)),
            Who::NoTenant => None,
            _ => Some(guid(CONTOSO)),
        };
        Self { issuer: tenant.map(issuer).unwrap_or_default(), tenant, who }
    }

    /// The facts with only these addresses.
    fn with(
        &self,
        email: Option<&'static str>,
        graph_mail: Option<&'static str>,
        upn: Option<&'static str>,
    ) -> AddressFacts<'_> {
        let external = "megan_fabrikam.example#ext#@contoso.example";
        AddressFacts {
            kind: if self.who == Who::OtherProvider { AccountKind::OpenId } else { AccountKind::Entra },
            tenant: self.tenant,
            issuer: &self.issuer,
            idp: (self.who == Who::GuestByIdp)
                .then_some("https://sts.windows.net/22222222-2222-4222-8222-222222222222/"),
            acct: match self.who {
                Who::GuestByAcct => Some("1"),
                Who::UnknownAcct => Some("2"),
                _ => Some("0"),
            },
            email,
            email_domain_owner_verified: false,
            upn,
            preferred_username: (self.who == Who::GuestByPreferredUsername).then_some(external),
            graph_mail,
            graph_upn: (self.who == Who::GuestByGraphUpn).then_some(external),
        }
    }
}

fn rule() -> AddressRule {
    AddressRule { pinned_tenant: Some(guid(CONTOSO)), trusted_email_tenants: BTreeSet::new() }
}

fn trusted(facts: &AddressFacts<'_>, rule: &AddressRule) -> Vec<String> {
    TrustedAddress::all(facts, rule).iter().map(|address| address.as_str().to_owned()).collect()
}

/// {who} × {token e-mail, Graph mail, UPN} × {`xms_edov` true or not}. (That `1`, `"1"` and `"true"` are true and that an absent
/// one is not is `Claims::xms_edov`'s to say.)
#[test]
fn i11_which_address_of_whom_is_trusted() {
    for who in EVERYBODY {
        for edov in [false, true] {
            let vouched = edov && who != Who::OtherProvider;
            for (source, email, graph_mail, upn, expected) in [
                (EMAIL, Some(EMAIL), None, None, who == Who::Member || vouched),
                (MAIL, None, Some(MAIL), None, who == Who::Member),
                (UPN, None, None, Some(UPN), who == Who::Member),
            ] {
                let known = Facts::of(who);
                let facts = AddressFacts { email_domain_owner_verified: edov, ..known.with(email, graph_mail, upn) };
                let expected = if expected { vec![source.to_owned()] } else { vec![] };
                assert_eq!(trusted(&facts, &rule()), expected, "{who:?}, xms_edov {edov}, {source}");

                let domains = DomainRule::parse(&["contoso.example"]).expect("a rule");
                let allowed = domains.allows(&TrustedAddress::all(&facts, &rule()));
                assert_eq!(allowed, !expected.is_empty(), "{who:?}, xms_edov {edov}, {source}: domain rule");
            }
        }
    }
}

#[test]
fn i11_edov_vouches_for_the_tokens_email_only() {
    for who in EVERYBODY.into_iter().filter(|who| !matches!(who, Who::Member | Who::OtherProvider)) {
        let known = Facts::of(who);
        let facts =
            AddressFacts { email_domain_owner_verified: true, ..known.with(Some(EMAIL), Some(MAIL), Some(UPN)) };
        assert_eq!(trusted(&facts, &rule()), [EMAIL], "{who:?}");
    }
}

#[test]
fn i11_a_member_of_a_trusted_tenant_counts_as_one_of_the_pinned() {
    let fabrikam = AddressRule { pinned_tenant: None, trusted_email_tenants: BTreeSet::from([guid(FABRIKAM)]) };
    let nobody = AddressRule::default();
    let personal = AddressRule {
        pinned_tenant: Some(Guid::PERSONAL_ACCOUNTS),
        trusted_email_tenants: BTreeSet::from([Guid::PERSONAL_ACCOUNTS]),
    };
    for (who, rule, expected) in [
        (Who::ForeignTenant, &fabrikam, &[EMAIL, MAIL, UPN][..]),
        (Who::Member, &fabrikam, &[]),
        (Who::ForeignTenant, &nobody, &[]),
        (Who::Member, &nobody, &[]),
        (Who::PersonalAccount, &personal, &[]),
    ] {
        let known = Facts::of(who);
        let facts = known.with(Some(EMAIL), Some(MAIL), Some(UPN));
        assert_eq!(trusted(&facts, rule), expected, "{who:?} {rule:?}");
    }
}

#[test]
fn i11_an_idp_that_is_the_issuer_is_no_guest() {
    let known = Facts::of(Who::Member);
    let home = issuer(guid(CONTOSO));
    for (idp, expected) in [
        (None, true),
        (Some(home.as_str()), true),
        (Some("live.com"), false),
        (Some("mail"), false),
        (Some(""), false),
        (Some("https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/V2.0"), false),
    ] {
        let facts = AddressFacts { idp, ..known.with(Some(EMAIL), None, None) };
        assert_eq!(!trusted(&facts, &rule()).is_empty(), expected, "{idp:?}");
    }
}

#[test]
fn i2_a_preferred_username_is_never_trusted() {
    let known = Facts::of(Who::Member);
    let facts = AddressFacts { preferred_username: Some("ceo@contoso.example"), ..known.with(None, None, None) };
    assert_eq!(trusted(&facts, &rule()), Vec::<String>::new());
}

#[test]
fn i5_what_is_no_address_is_not_trusted_and_equal_ones_are_named_once() {
    let known = Facts::of(Who::Member);
    let facts = known.with(
        Some("a@contoso.example@evil.example"),
        Some("Adele@Contoso.Example"),
        Some("adele@contoso.example"),
    );
    assert_eq!(trusted(&facts, &rule()), ["adele@contoso.example"]);
}

#[test]
fn z1_debug_shows_the_domain_only() {
    let address = TrustedAddress::for_tests("adele@contoso.example").expect("an address");
    assert_eq!(format!("{address:?} {address}"), "TrustedAddress(…@contoso.example) adele@contoso.example");
}
