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

/// Who it is; the rule pins Contoso.
#[derive(Copy, Clone, Debug, PartialEq)]
enum Who {
    Member,
    /// By the token: `idp`, `acct`, `#EXT#` in a name. Each alone is `Identity::is_guest`'s to see.
    Guest,
    /// Only Graph's name has `#EXT#`.
    GuestByGraphUpn,
    PersonalAccount,
    ForeignTenant,
    /// A standard OpenID provider that emits Contoso's `tid` (I12).
    OtherProvider,
    /// A B2C tenant with Contoso's id.
    B2c,
    /// Without `tid`.
    NoTenant,
}

const EVERYBODY: [Who; 8] = [
    Who::Member,
    Who::Guest,
    Who::GuestByGraphUpn,
    Who::PersonalAccount,
    Who::ForeignTenant,
    Who::OtherProvider,
    Who::B2c,
    Who::NoTenant,
];

impl Who {
    /// What is known of him, with only these addresses.
    fn with<'a>(self, email: Option<&'a str>, graph_mail: Option<&'a str>, upn: Option<&'a str>) -> AddressFacts<'a> {
        AddressFacts {
            kind: match self {
                Self::OtherProvider => AccountKind::OpenId,
                Self::B2c => AccountKind::B2c,
                _ => AccountKind::Entra,
            },
            tenant: match self {
                Self::PersonalAccount => Some(Guid::PERSONAL_ACCOUNTS),
                Self::ForeignTenant => Some(guid(FABRIKAM)),
                Self::NoTenant => None,
                _ => Some(guid(CONTOSO)),
            },
            is_guest: self == Self::Guest,
            email,
            email_domain_owner_verified: false,
            upn,
            graph_mail,
            graph_upn: (self == Self::GuestByGraphUpn).then_some("megan_fabrikam.example#ext#@contoso.example"),
        }
    }

    fn is_of_entra(self) -> bool {
        !matches!(self, Self::OtherProvider | Self::B2c)
    }
}

fn rule() -> AddressRule {
    AddressRule { pinned_tenant: Some(guid(CONTOSO)), trusted_email_tenants: BTreeSet::new() }
}

fn trusted(facts: &AddressFacts<'_>, rule: &AddressRule) -> Vec<String> {
    TrustedAddress::all(facts, rule).iter().map(|address| address.as_str().to_owned()).collect()
}

/// {who} × {token e-mail, Graph mail, UPN} × {`xms_edov` true or not}. (That `1`, `"1"` and `"true"` are true, and that an absent
/// one is not, is for `Claims::xms_edov` to say.)
#[test]
fn i11_which_address_of_whom_is_trusted() {
    for who in EVERYBODY {
        for edov in [false, true] {
            let is_member = who == Who::Member;
            for (source, email, graph_mail, upn, expected) in [
                (EMAIL, Some(EMAIL), None, None, is_member || (edov && who.is_of_entra())),
                (MAIL, None, Some(MAIL), None, is_member),
                (UPN, None, None, Some(UPN), is_member),
            ] {
                let facts = AddressFacts { email_domain_owner_verified: edov, ..who.with(email, graph_mail, upn) };
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
    for who in EVERYBODY.into_iter().filter(|who| *who != Who::Member) {
        let facts = AddressFacts { email_domain_owner_verified: true, ..who.with(Some(EMAIL), Some(MAIL), Some(UPN)) };
        let expected = if who.is_of_entra() { &[EMAIL][..] } else { &[] };
        assert_eq!(trusted(&facts, &rule()), expected, "{who:?}");
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
        (Who::NoTenant, &nobody, &[]),
        (Who::PersonalAccount, &personal, &[]),
    ] {
        let facts = who.with(Some(EMAIL), Some(MAIL), Some(UPN));
        assert_eq!(trusted(&facts, rule), expected, "{who:?} {rule:?}");
    }
}

/// Only the name, and only of a member of the pinned tenant: not an e-mail address, not `xms_edov`, not another tenant that is
/// trusted for its addresses.
#[test]
fn i11_an_invitation_is_claimed_by_name_alone() {
    let wide = AddressRule { trusted_email_tenants: BTreeSet::from([guid(FABRIKAM)]), ..rule() };
    for who in EVERYBODY {
        let facts = AddressFacts { email_domain_owner_verified: true, ..who.with(Some(EMAIL), Some(MAIL), Some(UPN)) };
        let name = TrustedAddress::user_principal_name(&facts, &wide);
        let expected = (who == Who::Member).then_some(UPN);
        assert_eq!(name.as_ref().map(TrustedAddress::as_str), expected, "{who:?}");
        let nameless = AddressFacts { email_domain_owner_verified: true, ..who.with(Some(EMAIL), Some(MAIL), None) };
        assert_eq!(TrustedAddress::user_principal_name(&nameless, &wide), None, "{who:?}");
    }
    let renamed = AddressFacts { graph_upn: Some("New@Contoso.Example"), ..Who::Member.with(None, None, Some(UPN)) };
    let name = TrustedAddress::user_principal_name(&renamed, &rule());
    assert_eq!(name.as_ref().map(TrustedAddress::as_str), Some("new@contoso.example"), "Graph knows the newer name");
}

#[test]
fn i11_a_guests_name_in_any_case_is_a_guests() {
    for name in ["m_f.example#EXT#@contoso.example", "m_f.example#ext#@contoso.example", "m#Ext#@contoso.example"] {
        let in_token = Who::Member.with(Some(EMAIL), Some(MAIL), Some(name));
        let in_graph = AddressFacts { graph_upn: Some(name), ..Who::Member.with(Some(EMAIL), Some(MAIL), None) };
        assert_eq!(trusted(&in_token, &rule()), Vec::<String>::new(), "{name}");
        assert_eq!(trusted(&in_graph, &rule()), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn i5_what_is_no_address_is_not_trusted_and_equal_ones_are_named_once() {
    let facts = Who::Member.with(
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
